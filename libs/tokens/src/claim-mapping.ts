import { type Claims, type ClaimSetting, readClaim, stringsOfClaim } from './claims.js';
import { authorizedPartyOf } from './claim-checks.js';
import { InvalidTokenError } from './errors.js';
import { deepFrozen, expirationOf } from './frozen-claims.js';
import type { Principal } from './principal.js';
import { isReservedName } from './reserved-names.js';
import { scopesOfClaims } from './scopes.js';

/** Where a principal's parts are found in the claims of one issuer's tokens. */
export interface ClaimMapping {
  readonly email: ClaimSetting;
  readonly subject: ClaimSetting;
  /** An explicitly configured subject claim has no fallback; a provider's default falls back to `sub`. */
  readonly subjectFallsBack: boolean;
  readonly groups: ClaimSetting;
  /** Taken off the start of every scope. */
  readonly scopePrefix?: string;
  /** Refuse the tokens of people whose e-mail address the provider has not verified. */
  readonly requireVerifiedEmail?: boolean;
  /** The clients whose own tokens are those of services, with the names of these. */
  readonly services?: ReadonlyMap<string, string>;
}

/** Something in a token that was left out of the principal, for the log. Holds no value of the token. */
export interface MappingNotice {
  readonly claim: 'email' | 'groups';
  readonly what: string;
}

// Where some providers put groups whatever is configured: Amazon Cognito, Zitadel.
const groupsFallbacks: readonly string[] = ['cognito:groups', 'urn:zitadel:iam:org:project:roles'];
// eslint-disable-next-line no-control-regex -- control characters are what it looks for
const controlCharacter = /[\u0000-\u001F\u007F-\u009F]/;

/**
 * Makes the principal of a verified token.
 *
 * Values that could not travel in a header (control characters) and groups with a reserved prefix are left out and
 * reported to `notice`.
 *
 * @throws {InvalidTokenError} reason `claims`: no usable subject, or a subject or e-mail of a reserved form.
 */
export function principalOfClaims(
  claims: Claims,
  mapping: ClaimMapping,
  notice: (notice: MappingNotice) => void = () => {},
): Principal {
  const id = subjectOf(claims, mapping);
  const email = emailOf(claims, mapping, notice);
  const groups = groupsOf(claims, mapping, notice);
  const emailVerified = booleanOf(claims.email_verified);
  const clientId = authorizedPartyOf(claims);
  const actor = actorOf(claims, mapping);
  const isClient = isClientToken(claims, clientId);
  const service = isClient && clientId !== undefined ? mapping.services?.get(clientId) : undefined;
  if (service !== undefined) return servicePrincipal(service, claims, mapping);
  const kind = isClient ? 'client' : 'user';
  if (mapping.requireVerifiedEmail && kind === 'user' && emailVerified !== true) {
    throw wrongClaim('the e-mail address is not verified ("email_verified")');
  }
  return Object.freeze<Principal>({
    kind,
    id,
    ...(email === undefined ? {} : { email }),
    ...(emailVerified === undefined ? {} : { emailVerified }),
    groups: Object.freeze(groups),
    groupsOverage: hasGroupsOverage(claims),
    scopes: Object.freeze(scopesOfClaims(claims, mapping.scopePrefix)),
    issuer: String(claims.iss),
    ...(clientId === undefined ? {} : { clientId }),
    claims: deepFrozen(claims),
    expiresAt: expirationOf(claims),
    ...(actor === undefined ? {} : { actor }),
  });
}

/** A service is known by its name alone: no claim of its token adds to that. */
function servicePrincipal(name: string, claims: Claims, { scopePrefix }: ClaimMapping): Principal {
  const clientId = authorizedPartyOf(claims);
  return Object.freeze<Principal>({
    kind: 'service',
    id: `service:${name}`,
    groups: Object.freeze([]),
    groupsOverage: false,
    scopes: Object.freeze(scopesOfClaims(claims, scopePrefix)),
    issuer: String(claims.iss),
    ...(clientId === undefined ? {} : { clientId }),
    claims: deepFrozen(claims),
    expiresAt: expirationOf(claims),
  });
}

function subjectOf(claims: Claims, mapping: ClaimMapping): string {
  const subject = readClaim(claims, mapping.subject) ?? (mapping.subjectFallsBack ? claims.sub : undefined);
  if (typeof subject !== 'string' || subject.trim() === '') {
    const looked = [mapping.subject, mapping.subjectFallsBack ? 'sub' : []].flat();
    const names = [...new Set(looked.filter((setting) => typeof setting === 'string'))].join(' or ');
    throw wrongClaim(`the token has no usable subject claim${names === '' ? '' : ` (${names})`}`);
  }
  if (controlCharacter.test(subject)) throw wrongClaim('the subject contains control characters');
  if (isReservedName(subject)) throw wrongClaim('the subject has a reserved form ("*", "service:" or "group:")');
  return subject;
}

function emailOf(claims: Claims, mapping: ClaimMapping, notice: (notice: MappingNotice) => void): string | undefined {
  const email = readClaim(claims, mapping.email);
  if (typeof email !== 'string' || email.trim() === '') return undefined;
  if (controlCharacter.test(email)) {
    notice({ claim: 'email', what: 'an e-mail address with control characters was left out' });
    return undefined;
  }
  if (isReservedName(email)) throw wrongClaim('the e-mail address has a reserved form ("*", "service:" or "group:")');
  return email.trim();
}

function groupsOf(claims: Claims, mapping: ClaimMapping, notice: (notice: MappingNotice) => void): string[] {
  const value = readClaim(claims, mapping.groups) ?? readClaim(claims, groupsFallbacks);
  if (isOveragePointer(claims, value)) return [];
  const groups = stringsOfClaim(value);
  const usable = groups.filter((group) => !controlCharacter.test(group) && !isReservedName(group));
  if (usable.length < groups.length) {
    const count = groups.length - usable.length;
    notice({ claim: 'groups', what: `${count} group(s) with control characters or a reserved prefix were left out` });
  }
  return usable;
}

/** Whether the provider left the groups out because there are too many of them. */
function hasGroupsOverage(claims: Claims): boolean {
  const names = claims._claim_names;
  const named = typeof names === 'object' && names !== null && Object.hasOwn(names, 'groups');
  return named || claims.hasgroups === true || claims.hasgroups === 'true' || isOveragePointer(claims, claims.groups);
}

/** Entra ID's short form of an overage: the groups claim is the name of a claim source. The source is never fetched. */
function isOveragePointer(claims: Claims, value: unknown): boolean {
  const sources = claims._claim_sources;
  return typeof value === 'string' && typeof sources === 'object' && sources !== null && Object.hasOwn(sources, value);
}

/** Tells a client-credentials token by the marks that providers leave in it. @see RFC 9068 §2.2 (`sub` is the client) */
function isClientToken(claims: Claims, clientId: string | undefined): boolean {
  const { sub, idtyp, gty, grant_type: grantType, preferred_username: username } = claims;
  if (clientId !== undefined && (sub === clientId || sub === `${clientId}@clients`)) return true;
  if (idtyp === 'app' || gty === 'client-credentials' || grantType === 'client_credentials') return true;
  // Entra ID without the optional idtyp claim: an application has roles, its own object as subject, and no scopes.
  if (claims.tid !== undefined && claims.oid === sub && claims.scp === undefined) return true;
  // Keycloak names a client's own account after the client.
  return (
    typeof username === 'string' && clientId !== undefined && username === `service-account-${clientId}`.toLowerCase()
  );
}

function actorOf(claims: Claims, mapping: ClaimMapping): Principal['actor'] {
  const { act } = claims;
  if (typeof act !== 'object' || act === null) return undefined;
  const { sub } = act as Record<string, unknown>; // an object, by the check above
  if (typeof sub !== 'string' || sub.trim() === '' || controlCharacter.test(sub)) return undefined;
  const groups = stringsOfClaim(readClaim(act as Claims, mapping.groups));
  return Object.freeze({
    id: sub.trim(),
    groups: Object.freeze(groups.filter((group) => !controlCharacter.test(group))),
  });
}

function booleanOf(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value;
  return value === 'true' ? true : value === 'false' ? false : undefined;
}

function wrongClaim(message: string): InvalidTokenError {
  return new InvalidTokenError('claims', message);
}
