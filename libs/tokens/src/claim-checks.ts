import type { Claims } from './claims.js';
import { checkConfirmation, type ConfirmationExpectations } from './confirmation.js';
import { InvalidTokenError } from './errors.js';

/** What a token's claims are checked against. */
export interface ClaimExpectations {
  /** The issuer's exact name; the token's `iss` must equal it. */
  readonly issuer: string;
  /** One of these must be among the token's `aud`; `false` when the check is switched off. */
  readonly audience: readonly string[] | false;
  /** How far clocks may differ, in seconds; applies to `exp`, `nbf` and `iat`. */
  readonly clockToleranceSeconds: number;
  /** The greatest age of a token since its `iat`, in seconds. */
  readonly maxTokenAgeSeconds?: number;
  /** `rfc9068` also asks for `sub`, `client_id` and `jti`. @default jwt */
  readonly profile?: TokenProfile;
  /** A client whose tokens pass although their `aud` names only the provider itself, or nobody. */
  readonly acceptedParty?: string;
  /** The only clients whose tokens are accepted. */
  readonly authorizedParties?: readonly string[];
  /** The tenant that `tid` must name, where one set of keys signs for several. */
  readonly tenant?: string;
  /** `aud` must be the one audience and nothing else: a token for several services could be carried from one to the other. */
  readonly isAudienceAlone?: boolean;
  /** What keys a token may be bound to: whoever verifies it must ask a proof of them. @default a bound token is refused */
  readonly confirmation?: ConfirmationExpectations;
}

/** What form access tokens have: any signed JWT, or the one of RFC 9068. */
export type TokenProfile = 'jwt' | 'rfc9068';

/**
 * Checks issuer, audience, times and kind of a token whose signature has been verified.
 *
 * @param nowSeconds The time, in seconds since 1970.
 * @throws {InvalidTokenError} with the first reason that applies.
 * @see RFC 7519 §4.1, RFC 9068 §4
 */
export function checkClaims(claims: Claims, expected: ClaimExpectations, nowSeconds: number): void {
  checkIssuer(claims, expected.issuer);
  checkTokenKind(claims);
  checkTimes(claims, expected, nowSeconds);
  if (expected.isAudienceAlone) checkLoneAudience(claims, expected);
  else if (expected.audience !== false) checkAudience(claims, expected.audience, expected.acceptedParty);
  if (claims.jti !== undefined && typeof claims.jti !== 'string') throw wrongClaim('"jti" is not a string');
  if (expected.tenant !== undefined && claims.tid !== expected.tenant)
    throw wrongClaim('"tid" is not the tenant of "iss"');
  if (expected.authorizedParties) checkAuthorizedParty(claims, expected.authorizedParties);
  if (expected.profile === 'rfc9068') checkProfile(claims);
  checkConfirmation(claims, expected.confirmation);
}

/** @see RFC 9068 §2.2 */
function checkProfile(claims: Claims): void {
  for (const name of ['sub', 'client_id', 'jti']) {
    if (typeof claims[name] !== 'string' || claims[name] === '') throw wrongClaim(`"${name}" is required by RFC 9068`);
  }
}

function checkAuthorizedParty(claims: Claims, parties: readonly string[]): void {
  const party = authorizedPartyOf(claims);
  if (party === undefined || !parties.includes(party)) {
    const client = party === undefined ? 'no client is named' : `the token was issued to ${quoted(party)}`;
    throw wrongClaim(`the client must be among authorizedParties, and ${client}`);
  }
}

/** The client a token was issued to, under the names that providers give it. */
export function authorizedPartyOf(claims: Claims): string | undefined {
  const ids = [claims.azp, claims.client_id, claims.appid, claims.cid];
  return ids.find((id): id is string => typeof id === 'string' && id !== '');
}

/** Compares issuers as they are written: no folding of case, slash or port. @see RFC 8725 §3.8 */
function checkIssuer(claims: Claims, issuer: string): void {
  if (claims.iss !== issuer) throw new InvalidTokenError('issuer', `the token is not from ${issuer}`);
}

/** When a token stops being valid, in seconds since 1970, without tolerance. @throws {InvalidTokenError} reason `claims`. */
export function expiryOf(claims: Claims): number {
  return requiredTime(claims, 'exp');
}

/** Until when a token passes the checks of its times, in seconds since 1970. @throws {InvalidTokenError} reason `claims`. */
export function validUntil(claims: Claims, expected: ClaimExpectations): number {
  const oldest = requiredTime(claims, 'iat') + (expected.maxTokenAgeSeconds ?? Number.POSITIVE_INFINITY);
  return Math.min(expiryOf(claims), oldest) + expected.clockToleranceSeconds;
}

function checkTimes(claims: Claims, expected: ClaimExpectations, now: number): void {
  const tolerance = expected.clockToleranceSeconds;
  const expiresAt = expiryOf(claims);
  const issuedAt = requiredTime(claims, 'iat');
  const notBefore = claims.nbf === undefined ? undefined : requiredTime(claims, 'nbf');

  if (now >= expiresAt + tolerance) throw new InvalidTokenError('expired', `the token expired ${ago(now, expiresAt)}`);
  if (notBefore !== undefined && notBefore > now + tolerance) {
    throw new InvalidTokenError('not_yet_valid', `the token is not valid yet ("nbf" is in ${until(now, notBefore)})`);
  }
  if (issuedAt > now + tolerance) {
    const when = `in the future ("iat" is in ${until(now, issuedAt)})`;
    throw new InvalidTokenError('not_yet_valid', `the token was issued ${when}: do the clocks agree?`);
  }
  if (expected.maxTokenAgeSeconds !== undefined && now >= issuedAt + expected.maxTokenAgeSeconds + tolerance) {
    throw new InvalidTokenError('expired', `the token was issued ${ago(now, issuedAt)}, longer ago than is accepted`);
  }
}

function requiredTime(claims: Claims, name: string): number {
  const value = claims[name];
  if (typeof value !== 'number' || !Number.isFinite(value)) throw wrongClaim(`"${name}" is not a finite number`);
  return value;
}

function ago(now: number, then: number): string {
  return `${Math.round(now - then)} s ago`;
}

function until(now: number, then: number): string {
  return `${Math.round(then - now)} s`;
}

/** Whether one of the audiences is among a token's `aud`. @see RFC 7519 §4.1.3 */
export function hasAudience(claims: Claims, audience: readonly string[]): boolean {
  return audiencesOf(claims).some((item) => typeof item === 'string' && audience.includes(item));
}

function audiencesOf({ aud }: Claims): readonly unknown[] {
  if (Array.isArray(aud)) return aud;
  return aud === undefined ? [] : [aud];
}

/** Keycloak names its own account console when no audience is configured, Amazon Cognito nobody at all. */
function namesOnlyTheProvider(claims: Claims): boolean {
  return audiencesOf(claims).every((item) => item === 'account' || item === claims.iss);
}

function checkAudience(claims: Claims, audience: readonly string[], acceptedParty: string | undefined): void {
  if (hasAudience(claims, audience)) return;
  const party = authorizedPartyOf(claims);
  if (acceptedParty !== undefined && party === acceptedParty && namesOnlyTheProvider(claims)) return;
  const present = audiencesOf(claims).map((item) => (typeof item === 'string' ? item.slice(0, 200) : typeof item));
  const carried = present.length === 0 ? 'no audience' : `audience ${JSON.stringify(present)}`;
  throw new InvalidTokenError(
    'audience',
    `the token carries ${carried} and ${audience.join(' or ')} is expected: set oidc.audience to what the provider ` +
      `sends, or let the provider put ${audience[0]} into "aud" (an audience mapper or API identifier)`,
  );
}

/** For tokens of the platform's own making: with `aud` a single text. */
function checkLoneAudience({ aud }: Claims, { audience }: ClaimExpectations): void {
  if (typeof aud === 'string' && audience !== false && audience.includes(aud)) return;
  const carried = JSON.stringify(aud)?.slice(0, 200) ?? 'none';
  const expected = audience === false ? 'none' : audience.join(' or ');
  throw new InvalidTokenError('audience', `the token's audience is ${carried} and exactly ${expected} is expected`);
}

// What Keycloak and its kin write into the payload's `typ`.
const otherKinds = /^(id|refresh|offline|logout)([_-]?token)?$/i;

/**
 * Refuses what can be told not to be an access token: ID, refresh and logout tokens. `at_hash` alone tells nothing:
 * some providers put it into access tokens.
 * @see RFC 9068 §5, OIDC Back-Channel Logout §2.4
 */
function checkTokenKind(claims: Claims): void {
  const { typ, token_use: tokenUse, jti, cid } = claims;
  if (typeof typ === 'string' && otherKinds.test(typ)) throw notAccessToken('"typ"');
  if (tokenUse !== undefined && tokenUse !== 'access') throw notAccessToken('"token_use"');
  if (typeof jti === 'string' && jti.startsWith('ID.') && cid === undefined) throw notAccessToken('"jti"');
  if (claims.nonce !== undefined) throw notAccessToken('"nonce"');
  if (claims.events !== undefined) throw notAccessToken('"events"');
}

function notAccessToken(claim: string): InvalidTokenError {
  return new InvalidTokenError('type', `the token is not an access token, its claim ${claim} says`);
}

/** Text out of a token, fit for a log line. */
function quoted(text: string): string {
  return JSON.stringify(text.slice(0, 200));
}

function wrongClaim(message: string): InvalidTokenError {
  return new InvalidTokenError('claims', message);
}
