import { createHash, timingSafeEqual } from 'node:crypto';
import { type Algorithm, isAcceptedAlgorithm } from './algorithms.js';
import type { Claims } from './claims.js';
import { comparableUri } from './dpop-uri.js';
import type { InvalidDpopProofReason } from './error-codes.js';
import { InvalidDpopProofError, InvalidTokenError, isAuthError } from './errors.js';
import { jwkThumbprint } from './jwk-thumbprint.js';
import { decodeJsonPart, decodeSignature, splitCompactJws } from './jws.js';
import { type PublicKey, publicKeyOf, verifySignature } from './public-key.js';

/** What a proof is checked against. */
export interface DpopExpectations {
  readonly algorithms: readonly Algorithm[];
  /** The method of the request, letter by letter. */
  readonly method: string;
  /** The address of the request, in comparable form. */
  readonly uri: string;
  /** The access token that came with it. */
  readonly token: string;
  /** The thumbprint of the key that the token is bound to. */
  readonly thumbprint: string;
  readonly nowSeconds: number;
  /** How long ago a proof may have been made. */
  readonly maxAgeSeconds: number;
  /** How far the client's clock may be ahead. */
  readonly clockToleranceSeconds: number;
  /** Throws unless the nonce of the proof will do. @default any will, and none */
  checkNonce?(nonce: string | undefined): void;
}

/** A proof that is good, but for whether it was used before. */
export interface DpopProof {
  readonly jti: string;
  /** When it was made, in seconds since 1970. */
  readonly issuedAtSeconds: number;
}

/** A proof taken apart. Nothing in it is trusted yet. */
interface UnverifiedProof {
  readonly algorithm: Algorithm;
  readonly jwk: Readonly<Record<string, unknown>>;
  readonly key: PublicKey;
  readonly claims: ProofClaims;
  readonly signingInput: string;
  readonly signature: Buffer;
}

interface ProofClaims {
  readonly jti: string;
  readonly htm: string;
  readonly htu: string;
  readonly iat: number;
  readonly ath: string;
  readonly nonce: string | undefined;
}

// What only private and symmetric keys have, of any type. RFC 7518 §6
const secretMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

/**
 * Verifies the proof that the sender of a request holds the key which the access token is bound to. What is left to the
 * caller is to see that there is one proof, and that it was not used before.
 *
 * @throws {InvalidDpopProofError} with the reason why it is no good.
 * @throws {InvalidTokenError} reason `claims`: it is a proof of another key.
 * @see RFC 9449 §4.3
 */
export async function verifyDpopProof(proof: string, expected: DpopExpectations): Promise<DpopProof> {
  const { algorithm, jwk, key, claims, signingInput, signature } = takeApart(proof, expected.algorithms);
  if (!isSame(jwkThumbprint(jwk) ?? '', expected.thumbprint)) {
    throw new InvalidTokenError('claims', 'the token is bound to another key than that of the proof');
  }
  checkClaims(claims, expected);
  if (!(await verifySignature(key, algorithm, signingInput, signature))) throw new InvalidDpopProofError('signature');
  return { jti: claims.jti, issuedAtSeconds: claims.iat };
}

function takeApart(proof: string, accepted: readonly Algorithm[]): UnverifiedProof {
  const parts = readable(() => splitCompactJws(proof));
  const header = readable(() => decodeJsonPart(parts.header, 'header'));
  if (['crit', 'b64', 'zip', 'cty'].some((name) => Object.hasOwn(header, name))) throw wrong('malformed');
  const { typ, alg } = header;
  if (typ !== 'dpop+jwt') throw wrong('type');
  if (typeof alg !== 'string' || !isAcceptedAlgorithm(alg, accepted)) throw wrong('algorithm');
  const jwk = publicJwkOf(header.jwk);
  const key = publicKeyOf(jwk, [alg]);
  if (key === undefined) throw wrong('key');
  return {
    algorithm: alg,
    jwk,
    key,
    claims: claimsOf(readable(() => decodeJsonPart(parts.payload, 'payload'))),
    signingInput: proof.slice(0, parts.header.length + 1 + parts.payload.length),
    signature: readable(() => decodeSignature(parts.signature)),
  };
}

function publicJwkOf(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong('key');
  if (secretMembers.some((name) => Object.hasOwn(value, name))) throw wrong('key');
  return value as Record<string, unknown>; // an object, by the check above
}

function claimsOf({ jti, htm, htu, iat, ath, nonce }: Claims): ProofClaims {
  const isComplete = isText(jti) && isText(htm) && isText(htu) && isText(ath);
  if (!isComplete || typeof iat !== 'number' || !Number.isFinite(iat)) throw wrong('malformed');
  if (nonce !== undefined && typeof nonce !== 'string') throw wrong('malformed');
  return { jti, htm, htu, iat, ath, nonce };
}

function checkClaims({ htm, htu, iat, ath, nonce }: ProofClaims, expected: DpopExpectations): void {
  if (htm !== expected.method) throw wrong('method');
  if (comparableUri(htu) !== expected.uri) throw wrong('uri');
  const age = expected.nowSeconds - iat;
  if (age > expected.maxAgeSeconds || -age > expected.clockToleranceSeconds) throw wrong('time');
  if (!isSame(ath, createHash('sha256').update(expected.token).digest('base64url'))) throw wrong('token');
  expected.checkNonce?.(nonce);
}

/** The rules of tokens about syntax hold for proofs, too. */
function readable<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (isAuthError(cause)) throw new InvalidDpopProofError('malformed', cause.message, { cause });
    throw cause;
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function wrong(reason: InvalidDpopProofReason): InvalidDpopProofError {
  return new InvalidDpopProofError(reason);
}
