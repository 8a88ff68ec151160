import type { Principal } from '@nmp/tokens';
import type { PermissionQuery, PolicyDecisionPoint } from '../policy/policy-decision-point.js';
import { refuseProduction } from './refuse-production.js';

/** Permissions by principal (id, e-mail address, `group:<name>`, or `*`) and workspace. */
export type Grants = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

/**
 * A policy decision point for tests: it knows what it was told, and counts what it was asked.
 * @example
 * { provide: PolicyDecisionPoint, useValue: new StaticPolicyDecisionPoint({ 'alice@example.com': { ml: ['models.read'] } }) }
 */
export class StaticPolicyDecisionPoint implements PolicyDecisionPoint {
  /** Every question so far. */
  readonly queries: PermissionQuery[] = [];

  constructor(private readonly grants: Grants) {
    refuseProduction();
  }

  /** Whether the grants name every permission, for the workspace of the question. */
  hasPermissions(query: PermissionQuery): boolean {
    this.queries.push(query);
    const held = new Set(namesOf(query.principal).flatMap((name) => this.grants[name]?.[query.workspace] ?? []));
    return query.permissions.every((permission) => held.has(permission));
  }
}

/** A token's e-mail address counts unless its provider says that it is not verified. */
function namesOf({ id, email, emailVerified, groups, onBehalfOf }: Principal): string[] {
  const self = onBehalfOf ?? { id, email: emailVerified === false ? undefined : email, groups };
  const own = [self.id, self.email].filter((name) => name !== undefined);
  return [...own, ...self.groups.map((group) => `group:${group}`), '*'];
}
