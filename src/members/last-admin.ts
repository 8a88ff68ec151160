import type { RoleBindingRow } from '../storage/schema.js';
import { EVERYBODY } from '../policy/role-names.js';

const administering = ['Admin', 'PlatformAdmin'];

/**
 * The role whose last holder the bindings are of: ending them would leave a workspace, or the platform, without a person
 * who administers it. A group may have no one in it, and services are nobody's colleague: they do not count, unless
 * nobody else was there before.
 */
export function lastHeldRole(active: readonly RoleBindingRow[], ended: readonly RoleBindingRow[]): string | undefined {
  return administering.find((role) => endsLast(role, active, ended));
}

function endsLast(wanted: string, active: readonly RoleBindingRow[], ended: readonly RoleBindingRow[]): boolean {
  if (!ended.some(({ role }) => role === wanted)) return false;
  const isEnded = new Set(ended.map(({ id }) => id));
  const before = active.filter(({ role }) => role === wanted);
  const after = before.filter(({ id }) => !isEnded.has(id));
  return after.length === 0 || (before.some(isPerson) && !after.some(isPerson));
}

function isPerson({ principal }: RoleBindingRow): boolean {
  return principal !== EVERYBODY && !/^(?:group|service):/i.test(principal);
}
