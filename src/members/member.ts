import type { RoleBindingRow } from '../storage/schema.js';

/** A principal with the roles it has in a workspace. */
export interface Member {
  readonly principal: string;
  /** Sorted. */
  readonly roles: readonly string[];
  /** Of the oldest role. */
  readonly grantedAt: Date;
  readonly grantedBy: string;
}

/** The members that bindings in force make, sorted by principal. @param bindings the oldest first */
export function membersOf(bindings: readonly RoleBindingRow[]): Member[] {
  const members = new Map<string, Member>();
  for (const { principal, role, grantedAt, grantedBy } of bindings) {
    const known = members.get(principal) ?? { principal, roles: [], grantedAt, grantedBy };
    members.set(principal, { ...known, roles: [...known.roles, role].sort() });
  }
  return [...members.values()].sort((one, other) => (one.principal < other.principal ? -1 : 1));
}
