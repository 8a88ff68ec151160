import { allowInput, permissionsInput } from '@nmp/tokens';
import { type KnownIssuers, policyCallerOf } from './known-users.js';
import type { PermissionQuery, PolicyDecisionPoint, RequestQuery } from './policy-decision-point.js';

/** A decision point elsewhere, which is asked by entrypoint and input. */
export abstract class AskedDecisionPoint implements PolicyDecisionPoint {
  /** @param issuers The application's `AuthConfig`, which knows whose users role bindings speak of. */
  protected constructor(private readonly issuers: KnownIssuers) {}

  /**
   * @throws {PolicyTimeoutError} when there is no answer in time.
   * @throws {PolicyUnavailableError} when there is no decision, or nothing to ask with.
   */
  hasPermissions({ principal, permissions, workspace }: PermissionQuery): Promise<boolean> {
    const caller = policyCallerOf(principal, this.issuers);
    return this.ask('has_permissions', permissionsInput({ caller, permissions, workspace }), 'allowed');
  }

  /** Whether the principal may make an HTTP request, by the endpoint table of the policy. @throws as {@link hasPermissions}. */
  allows({ principal, method, path }: RequestQuery): Promise<boolean> {
    const caller = policyCallerOf(principal, this.issuers);
    return this.ask('allow', allowInput({ caller, method, path }), 'allowed');
  }

  /** Posts the input to the entrypoint and returns the member of its result. */
  protected abstract ask(entrypoint: string, input: object, member: string): Promise<boolean>;
}
