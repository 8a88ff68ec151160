import type { RoleBindingRow } from '../storage/schema.js';
import { EVERYBODY } from '../policy/role-names.js';

const ADMIN = 'Admin';

/**
 * Whether ending the bindings would leave a workspace without a person who administers it. A group may have no one in
 * it, and services are nobody's colleague: they do not count, unless nobody else was there before.
 */
export function endsLastAdmin(active: readonly RoleBindingRow[], ended: readonly RoleBindingRow[]): boolean {
  if (!ended.some(({ role }) => role === ADMIN)) return false;
  const isEnded = new Set(ended.map(({ id }) => id));
  const before = active.filter(({ role }) => role === ADMIN);
  const after = before.filter(({ id }) => !isEnded.has(id));
  return after.length === 0 || (before.some(isPerson) && !after.some(isPerson));
}

function isPerson({ principal }: RoleBindingRow): boolean {
  return principal !== EVERYBODY && !/^(?:group|service):/i.test(principal);
}
