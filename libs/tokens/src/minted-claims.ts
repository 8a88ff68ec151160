import { authorizedPartyOf } from './claim-checks.js';
import type { Claims } from './claims.js';
import { InvalidTokenError } from './errors.js';
import { deepFrozen, expirationOf } from './frozen-claims.js';
import type { Principal } from './principal.js';
import { isReservedName } from './reserved-names.js';
import { parseScopes } from './scopes.js';
import type { TokenKind } from './token-kind.js';

/** The kinds of tokens that the platform issues itself. */
export type MintedTokenKind = Exclude<TokenKind, 'access'>;

/** The token that another was made of, as revocations know it. */
export interface OriginalToken {
  readonly issuer: string;
  readonly sub: string | undefined;
  readonly jti: string | undefined;
  readonly issuedAtSeconds: number;
}

const MAX_GROUPS = 100;
const MAX_GROUPS_LENGTH = 4_096;
// eslint-disable-next-line no-control-regex -- control characters are what it looks for
const controlCharacter = /[\u0000-\u001F\u007F-\u009F]/;
const principalKinds: Readonly<Record<MintedTokenKind, readonly unknown[]>> = {
  hop: ['user', 'client', 'service'],
  workload: ['client'],
  'access-key': ['user', 'client'],
} satisfies Record<MintedTokenKind, Principal['kind'][]>;

/**
 * The claims that carry a principal in a token of the platform's own: the registered ones, and what has no registered
 * name in the one claim `nmp`. More groups than fit into a request's headers are left out and counted as an overage.
 * @param sharesUsers whether role bindings speak of the identities of the principal's issuer
 */
export function mintedClaimsOf(principal: Principal, sharesUsers: boolean): Record<string, unknown> {
  const { kind, id, email, emailVerified, issuer, clientId, claims, actor, onBehalfOf } = principal;
  const groups = carriedGroups(principal.groups);
  // RFC 6749 §3.3: no scope has a blank in it. One that had would arrive as two.
  const scopes = principal.scopes.filter((scope) => !/\s/.test(scope));
  return {
    sub: id,
    client_id: clientId,
    email,
    email_verified: emailVerified,
    groups,
    scope: scopes.join(' '),
    acr: claims.acr,
    auth_time: claims.auth_time,
    act: actor && { sub: actor.id, groups: carriedGroups(actor.groups) },
    nmp: {
      kind,
      issuer,
      shares_users: sharesUsers,
      groups_overage: principal.groupsOverage || groups.length < principal.groups.length,
      on_behalf_of: onBehalfOf && {
        sub: onBehalfOf.id,
        email: onBehalfOf.email,
        groups: carriedGroups(onBehalfOf.groups),
      },
      token: { sub: claims.sub, jti: claims.jti, iat: claims.iat },
    },
  };
}

/**
 * The principal that {@link mintedClaimsOf} put into a verified token: the original one, as if it had come itself.
 * @throws {InvalidTokenError} reason `claims` when it is not of that form.
 */
export function principalOfMintedClaims(claims: Claims, tokenKind: MintedTokenKind): Principal {
  const own = objectOf(claims.nmp);
  const { kind, issuer } = own;
  if (!principalKinds[tokenKind].includes(kind)) throw wrong('the kind');
  if (typeof issuer !== 'string' || issuer === '') throw wrong('the issuer');
  // What the platform itself says of a workload it says in its own name.
  if (tokenKind === 'workload' && issuer !== claims.iss) throw wrong('the issuer');
  const scopes = parseScopes(claims.scope);
  // A key is its owner restricted by scopes: without any it would be the owner.
  if (tokenKind === 'access-key' && scopes.length === 0) throw wrong('the scopes');
  const isService = kind === 'service';
  const email = emailOf(claims.email);
  const clientId = authorizedPartyOf(claims);
  const actor = actorOf(claims.act);
  return Object.freeze<Principal>({
    kind: kind as Principal['kind'], // one of the set, by the check above
    id: isService ? serviceNameOf(claims.sub) : nameOf(claims.sub),
    ...(email !== undefined && { email }),
    ...(typeof claims.email_verified === 'boolean' && { emailVerified: claims.email_verified }),
    groups: groupsOf(claims.groups),
    groupsOverage: own.groups_overage === true,
    scopes: Object.freeze(scopes),
    issuer,
    ...(clientId !== undefined && { clientId }),
    claims: deepFrozen(claims),
    expiresAt: expirationOf(claims),
    ...(actor && { actor }),
    ...(own.on_behalf_of !== undefined && { onBehalfOf: personOf(own.on_behalf_of) }),
  });
}

/** Whether role bindings speak of the identities of the issuer that a verified minted token names. */
export function sharesUsersByClaims(claims: Claims): boolean {
  return objectOf(claims.nmp).shares_users === true;
}

/** The token that a verified minted token was made of; `undefined` when it does not say. */
export function originalTokenOf(claims: Claims): OriginalToken | undefined {
  const { issuer, token } = objectOf(claims.nmp);
  const { sub, jti, iat } = objectOf(token);
  if (typeof issuer !== 'string' || typeof iat !== 'number') return undefined;
  return {
    issuer,
    sub: typeof sub === 'string' ? sub : undefined,
    jti: typeof jti === 'string' ? jti : undefined,
    issuedAtSeconds: iat,
  };
}

/** As many groups as leave room for everything else in the headers of a request. */
function carriedGroups(groups: readonly string[]): string[] {
  const carried: string[] = [];
  let length = 0;
  for (const group of groups.slice(0, MAX_GROUPS)) {
    const more = JSON.stringify(group).length + 1;
    if (length + more > MAX_GROUPS_LENGTH) continue;
    length += more;
    carried.push(group);
  }
  return carried;
}

function personOf(value: unknown): {
  readonly id: string;
  readonly email?: string;
  readonly groups: readonly string[];
} {
  const { sub, email: written, groups } = objectOf(value);
  const email = emailOf(written);
  return Object.freeze({ id: nameOf(sub), ...(email !== undefined && { email }), groups: groupsOf(groups) });
}

/** Information without rights, so that its name may be any. */
function actorOf(value: unknown): Principal['actor'] {
  const { sub, groups } = objectOf(value);
  return isText(sub) ? Object.freeze({ id: sub, groups: groupsOf(groups) }) : undefined;
}

function nameOf(value: unknown): string {
  if (!isText(value) || isReservedName(value)) throw wrong('the subject');
  return value;
}

function serviceNameOf(value: unknown): string {
  if (!isText(value) || !/^service:[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/.test(value))
    throw wrong('the name of the service');
  return value;
}

function emailOf(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (!isText(value) || isReservedName(value)) throw wrong('the e-mail address');
  return value;
}

function groupsOf(value: unknown): readonly string[] {
  const groups: unknown[] = Array.isArray(value) ? value : [];
  return Object.freeze(groups.filter((group): group is string => isText(group) && !isReservedName(group)));
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '' && !controlCharacter.test(value);
}

function objectOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

function wrong(what: string): InvalidTokenError {
  return new InvalidTokenError('claims', `${what} in the platform's token is not of the form the platform writes`);
}
