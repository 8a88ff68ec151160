import type { PolicyCaller } from '@nmp/tokens';
import { normalizeEmail } from '../principal-names.js';
import { isAuthenticated, isDelegated } from './policy-caller.js';

/**
 * The principals of the bindings that hold for a caller, `*` apart. Kinds are kept apart: an id, an e-mail address and
 * a group of the same spelling are three, and only who is a service by kind goes by the name of one. The rules in Rego
 * find the same ones where they are not given the bindings; a spec compares both.
 */
export function bindingPrincipals(caller: PolicyCaller): readonly string[] {
  if (!isAuthenticated(caller)) return [];
  const { id, email, emailVerified, groups, onBehalfOf } = caller;
  if (isDelegated(caller)) return onBehalfOf === undefined ? [] : personPrincipals(onBehalfOf, caller);
  if (caller.kind === 'service') return [id];
  // An address the provider says is not verified could be anybody's.
  return personPrincipals({ id, groups, ...(email !== undefined && emailVerified !== false && { email }) }, caller);
}

/** The principal of a binding in its one spelling: an e-mail address in lower case. */
export function canonicalPrincipal(principal: string): string {
  return principal.includes('@') && !isReserved(principal) ? normalizeEmail(principal) : principal;
}

interface Person {
  readonly id: string;
  readonly email?: string;
  readonly groups: readonly string[];
}

function personPrincipals({ id, email, groups }: Person, { sharesUsers }: PolicyCaller): readonly string[] {
  if (sharesUsers === false) return [];
  const named = groups.filter((group) => group !== '').map((group) => `group:${group}`);
  const own = [
    ...(email?.includes('@') && !isReserved(email) ? [normalizeEmail(email)] : []),
    // What contains an @ in a binding is an e-mail address.
    ...(id !== '' && !id.includes('@') && !isReserved(id) ? [id] : []),
  ];
  return [...own, ...named];
}

/** Names that have a meaning of their own in bindings. */
function isReserved(name: string): boolean {
  return name === '*' || /^(?:service|group):/i.test(name);
}
