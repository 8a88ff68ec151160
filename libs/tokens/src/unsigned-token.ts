import { checkClaims } from './claim-checks.js';
import { principalOfClaims } from './claim-mapping.js';
import type { Claims } from './claims.js';
import { InvalidTokenError } from './errors.js';
import { decodeClaims, splitCompactJws } from './jws.js';
import type { Principal } from './principal.js';

/** What is fixed of unsigned tokens. Whoever writes one: it is good on the machine it was written on, for half a day at the most. */
export const UNSIGNED_TOKENS = {
  issuer: 'urn:nmp:unsigned',
  audience: 'urn:nmp:this-machine',
  maxLifeSeconds: 43_200,
} as const;

/** Who somebody says to be. Nobody has verified it. */
export interface UnsignedIdentity {
  readonly email: string;
  readonly groups?: readonly string[];
  readonly scopes?: readonly string[];
}

/** What the times of unsigned tokens are checked against. */
export interface UnsignedTimes {
  readonly nowSeconds: number;
  readonly clockToleranceSeconds: number;
  /** The greatest age of a token since its `iat`, where it is shorter than the longest life. */
  readonly maxTokenAgeSeconds?: number | undefined;
}

// There is one way to write it: no key id, no address of a key, no other member, and no other spelling of `none`.
const header = Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url');
const knownClaims: ReadonlySet<string> = new Set(['iss', 'aud', 'sub', 'email', 'groups', 'scope', 'iat', 'exp']);
const mapping = { email: 'email', subject: 'sub', subjectFallsBack: false, groups: 'groups' } as const;

/** Whether a token has the three parts of a JWT, the third of them empty. */
export function isUnsignedToken(token: string): boolean {
  return /^[^.]+\.[^.]+\.$/.test(token);
}

/** Writes an unsigned token, which anybody can do. @see RFC 7519 §6 */
export function writeUnsignedToken(identity: UnsignedIdentity, issuedAtSeconds: number, lifeSeconds: number): string {
  const claims = unsignedClaims(identity, issuedAtSeconds, lifeSeconds);
  return `${header}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.`;
}

/** The claims of an unsigned token. */
export function unsignedClaims(
  { email, groups = [], scopes = [] }: UnsignedIdentity,
  issuedAtSeconds: number,
  lifeSeconds: number,
): Claims {
  const { issuer, audience } = UNSIGNED_TOKENS;
  return {
    iss: issuer,
    aud: audience,
    sub: email,
    email,
    ...(groups.length > 0 && { groups: [...groups] }),
    ...(scopes.length > 0 && { scope: scopes.join(' ') }),
    iat: issuedAtSeconds,
    exp: issuedAtSeconds + lifeSeconds,
  };
}

/**
 * The principal of an unsigned token of the one form that there is: this header, no signature, these claims. Whether the
 * request that brings it may bring one is not decided here.
 * @throws {InvalidTokenError} with the first reason that applies.
 */
export function principalOfUnsignedToken(token: string, times: UnsignedTimes): Principal {
  const parts = splitCompactJws(token);
  if (parts.signature !== '') throw new InvalidTokenError('signature', 'an unsigned token has an empty third part');
  if (parts.header !== header) {
    throw new InvalidTokenError(
      'algorithm',
      'an unsigned token has the header {"alg":"none","typ":"JWT"} and no other',
    );
  }
  return principalOfUnsignedClaims(decodeClaims(parts.payload), times);
}

/**
 * The principal of the claims of an unsigned token: a person, known by an e-mail address. It is never a client or a service.
 * @throws {InvalidTokenError} with the first reason that applies.
 */
export function principalOfUnsignedClaims(claims: Claims, times: UnsignedTimes): Principal {
  const { issuer, audience, maxLifeSeconds } = UNSIGNED_TOKENS;
  const { nowSeconds, clockToleranceSeconds, maxTokenAgeSeconds = maxLifeSeconds } = times;
  // What a provider's token could say beside this (a client, an actor, another kind of token) nobody has to write here.
  const unknown = Object.keys(claims).find((name) => !knownClaims.has(name));
  if (unknown !== undefined) throw wrongClaim(`an unsigned token has no claim ${JSON.stringify(unknown.slice(0, 40))}`);
  const expected = {
    issuer,
    audience: [audience],
    isAudienceAlone: true,
    clockToleranceSeconds,
    maxTokenAgeSeconds: Math.min(maxTokenAgeSeconds, maxLifeSeconds),
  };
  checkClaims(claims, expected, nowSeconds);
  const life = Number(claims.exp) - Number(claims.iat);
  if (life <= 0 || life > maxLifeSeconds) {
    throw wrongClaim(`an unsigned token lives for ${maxLifeSeconds} s at the most, from "iat" to "exp"`);
  }
  const { email } = claims;
  if (typeof email !== 'string' || email.length > 320 || !/^[^@\s]+@[^@\s]+$/.test(email)) {
    throw wrongClaim('"email" is not an e-mail address');
  }
  if (claims.sub !== email) throw wrongClaim('"sub" is not the e-mail address');
  return principalOfClaims(claims, mapping);
}

function wrongClaim(message: string): InvalidTokenError {
  return new InvalidTokenError('claims', message);
}
