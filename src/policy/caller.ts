import { isReservedName, type Principal } from '@nmp/tokens';
import { bindingPrincipals } from './engine/binding-principals.js';
import { normalizeEmail } from './principal-names.js';
import { EVERYBODY, PLATFORM_ITSELF } from './role-names.js';

/** Who a request is decided for: the effective identity, and what bindings may call it. */
export interface Caller {
  /** `service`: the platform's own parts; `anonymous`: authentication is switched off, nothing is held back. */
  readonly kind: Principal['kind'];
  /** The effective id, for `created_by` and the like, marked where it looks like somebody else's; `undefined` for anonymous. */
  readonly id: string | undefined;
  /** The effective e-mail address, unless it is not verified. */
  readonly email: string | undefined;
  /** Who issued the identity; `undefined` where a gateway or a service only names it. */
  readonly issuer: string | undefined;
  /** The id of who makes the request for the effective identity, where that is somebody else. */
  readonly via: string | undefined;
  /** The request, where one is decided. */
  readonly requestId?: string;
  /** The principals of the bindings that hold for this caller. */
  readonly bindingPrincipals: readonly string[];
  /** The principal that a role is given to when it is given to this caller; `undefined` when none would match again. */
  readonly ownPrincipal: string | undefined;
}

/**
 * Turns a verified principal into the caller of a request. The kinds of principal are kept apart: what contains an `@`
 * in a binding is an e-mail address, so an id that contains one matches no binding.
 * @param sharesUsers whether the identities of the principal's issuer are those that bindings speak of
 */
export function callerOf(principal: Principal, sharesUsers: boolean): Caller {
  const { kind } = principal;
  if (kind === 'anonymous') return nobody;
  const names = bindingPrincipals({ ...principal, sharesUsers }).filter(isStorable);
  const { id, email } = principal.onBehalfOf ?? { id: principal.id, email: usableEmail(principal) };
  return {
    // A service that acts for somebody is decided as that somebody.
    kind: principal.onBehalfOf === undefined ? kind : 'user',
    id: kind === 'service' && principal.onBehalfOf === undefined ? id : unmistakable(id, email),
    email,
    issuer: principal.onBehalfOf === undefined && principal.issuer !== '' ? principal.issuer : undefined,
    via: principal.onBehalfOf === undefined ? actorId(principal) : principal.id,
    bindingPrincipals: [...names, EVERYBODY],
    ownPrincipal: names.find((name) => !name.startsWith('group:')),
  };
}

const nobody: Caller = {
  kind: 'anonymous',
  id: undefined,
  email: undefined,
  issuer: undefined,
  via: undefined,
  bindingPrincipals: [EVERYBODY],
  ownPrincipal: undefined,
};

/** Who did something, as it is written down. */
export function nameOfCaller({ id }: Caller): string {
  return id ?? PLATFORM_ITSELF;
}

/**
 * An id as it is written down. A provider may let people choose it: one that would be taken for somebody else's e-mail
 * address, or for the platform itself, is marked as an id.
 */
function unmistakable(id: string, email: string | undefined): string {
  const isOwnEmail = email !== undefined && normalizeEmail(email) === normalizeEmail(id);
  const isOthers = id === PLATFORM_ITSELF || id.includes('@') || isReservedName(id);
  return isOthers && !isOwnEmail ? `id:${id}` : id;
}

function actorId({ actor }: Principal): string | undefined {
  return actor && unmistakable(actor.id, undefined);
}

/** An address the provider says is not verified could be anybody's. */
function usableEmail({ email, emailVerified }: Principal): string | undefined {
  return emailVerified === false ? undefined : email;
}

/** PostgreSQL has no NUL in texts. */
function isStorable(name: string): boolean {
  return !name.includes('\0');
}
