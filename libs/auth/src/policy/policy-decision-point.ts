import type { Principal } from '@nmp/tokens';

/** The workspace in which permissions for the platform as a whole are held. */
export const PLATFORM_WORKSPACE = 'system';

/** What a policy decision point is asked. */
export interface PermissionQuery {
  /** Whose permissions; decisions are about its effective identity, that of `onBehalfOf` where there is one. */
  readonly principal: Principal;
  /** All of them must be held. */
  readonly permissions: readonly string[];
  readonly workspace: string;
}

/** What a policy server is asked about a whole request. */
export interface RequestQuery {
  readonly principal: Principal;
  readonly method: string;
  /** As it was sent; a query is ignored. */
  readonly path: string;
}

/**
 * Decides who may do what. Provide one under the token {@link PolicyDecisionPoint} in any module of the application, and
 * `@RequirePermissions()` asks it. Whatever it answers but `true` lets nobody pass; an error is answered 503.
 */
export interface PolicyDecisionPoint {
  /** Whether the principal has every permission that is asked about. */
  hasPermissions(query: PermissionQuery): boolean | Promise<boolean>;
}

/** The token under which an application provides its own. */
export const PolicyDecisionPoint = Symbol.for('@nmp/auth:PolicyDecisionPoint');
