import { InvalidTokenError, isAuthError } from './errors.js';
import type { Claims } from './claims.js';
import { tokenKindOf } from './token-kind.js';

/** The longest token that is looked at, in characters. */
export const MAX_TOKEN_LENGTH = 16_384;

/** The members of a JOSE header that this package reads; every other member is ignored. @see RFC 7515 §4.1 */
export interface JoseHeader {
  readonly alg: string;
  readonly kid?: string;
  readonly typ?: string;
}

/** A compact JWS taken apart. Nothing in it is trusted yet. */
export interface UnverifiedJws {
  readonly header: JoseHeader;
  readonly claims: Claims;
  /** What the signature covers: the first two parts with the dot between them. */
  readonly signingInput: string;
  readonly signature: Buffer;
}

/** The three parts of a compact JWS, still encoded. */
export interface CompactJwsParts {
  readonly header: string;
  readonly payload: string;
  readonly signature: string;
}

/**
 * Cuts a compact JWS at its two dots.
 * @throws {InvalidTokenError} reason `malformed`: too long, or not of three non-empty parts (a JWE has five).
 * @see RFC 7515 §3.1
 */
export function splitCompactJws(token: string): CompactJwsParts {
  if (token.length > MAX_TOKEN_LENGTH) throw malformed(`the token is longer than ${MAX_TOKEN_LENGTH} characters`);
  const first = token.indexOf('.');
  const second = token.indexOf('.', first + 1);
  if (first <= 0 || second <= first + 1 || token.indexOf('.', second + 1) !== -1) {
    throw malformed('the token is not a JWS in compact form (three parts)');
  }
  return { header: token.slice(0, first), payload: token.slice(first + 1, second), signature: token.slice(second + 1) };
}

/**
 * Reads the first part of a compact JWS.
 * @throws {InvalidTokenError} `malformed`: not canonical base64url, not UTF-8, not a JSON object, a member twice, `crit`,
 *   `b64`, `zip` or `cty: JWT` present; `algorithm`: no `alg`; `key`: a `kid` that is not a string; `type`: a `typ` that
 *   no token has which is accepted anywhere. Whether it fits the issuer is for the verifier to say.
 * @see RFC 7515 §4, RFC 7519 §5, RFC 8725 §3.11
 */
export function decodeJoseHeader(part: string): JoseHeader {
  const header = decodeJsonPart(part, 'header');
  for (const name of ['crit', 'b64', 'zip'] as const) {
    if (Object.hasOwn(header, name)) throw malformed(`the header member "${name}" is not supported`);
  }
  const { alg, kid, typ, cty } = header;
  if (typeof cty === 'string' && /^(application\/)?jwt$/i.test(cty)) throw malformed('nested tokens are not supported');
  if (typeof alg !== 'string') throw new InvalidTokenError('algorithm', 'the header has no algorithm');
  if (kid !== undefined && typeof kid !== 'string') throw new InvalidTokenError('key', 'the key id is not a string');
  if (typ !== undefined && (typeof typ !== 'string' || tokenKindOf(typ) === undefined)) {
    throw new InvalidTokenError('type', 'the header type is not that of an access token');
  }
  return { alg, ...(kid === undefined ? {} : { kid }), ...(typ === undefined ? {} : { typ }) };
}

/**
 * Reads the second part of a compact JWS.
 * @throws {InvalidTokenError} reason `malformed`: not canonical base64url, not UTF-8, not a JSON object, or a claim twice.
 * @see RFC 7519 §7.2
 */
export function decodeClaims(part: string): Claims {
  return decodeJsonPart(part, 'payload');
}

/**
 * Reads the third part of a compact JWS.
 * @throws {InvalidTokenError} reason `signature`: empty, or not canonical base64url.
 */
export function decodeSignature(part: string): Buffer {
  const bytes = decodeBase64url(part);
  if (!bytes || bytes.length === 0)
    throw new InvalidTokenError('signature', 'the signature is not canonical base64url');
  return bytes;
}

/**
 * Takes a compact JWS apart without verifying it: syntax only, no trust.
 * @throws {InvalidTokenError} as {@link decodeJoseHeader}, {@link decodeClaims} and {@link decodeSignature} do.
 */
export function decodeUnverifiedJws(token: string): UnverifiedJws {
  const parts = splitCompactJws(token);
  return {
    header: decodeJoseHeader(parts.header),
    claims: decodeClaims(parts.payload),
    signingInput: token.slice(0, parts.header.length + 1 + parts.payload.length),
    signature: decodeSignature(parts.signature),
  };
}

/** The claims of something that looks like a JWT, or `undefined` for anything else. For display and hints, never for trust. */
export function decodeUnverifiedClaims(token: string): Claims | undefined {
  try {
    return decodeClaims(splitCompactJws(token).payload);
  } catch (error) {
    if (isAuthError(error)) return undefined;
    throw error;
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Reads a part of a compact JWS.
 * @throws {InvalidTokenError} reason `malformed`: not canonical base64url, not UTF-8, not a JSON object, or a member twice.
 */
export function decodeJsonPart(part: string, name: string): Record<string, unknown> {
  const bytes = decodeBase64url(part);
  if (!bytes) throw malformed(`the ${name} is not canonical base64url`);
  let text: string;
  let value: unknown;
  try {
    text = utf8.decode(bytes);
    value = JSON.parse(text);
  } catch (cause) {
    throw new InvalidTokenError('malformed', `the ${name} is not JSON in UTF-8`, { cause });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw malformed(`the ${name} is not an object`);
  // JSON.parse silently keeps the last of two equal names; another reader may keep the first (RFC 7515 §4, RFC 7519 §4).
  if (countMembers(text) !== Object.keys(value).length) throw malformed(`the ${name} has a member twice`);
  return value as Record<string, unknown>; // an object, by the check above
}

/** How many members the object that `text` spells has: the colons at its first level, outside strings. `text` is valid JSON. */
function countMembers(text: string): number {
  let depth = 0;
  let members = 0;
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case 0x22: // a quote: skip the string
        for (at++; text.charCodeAt(at) !== 0x22; at++) if (text.charCodeAt(at) === 0x5c) at++;
        break;
      case 0x7b: // {
      case 0x5b: // [
        depth++;
        break;
      case 0x7d: // }
      case 0x5d: // ]
        depth--;
        break;
      case 0x3a: // :
        if (depth === 1) members++;
        break;
      default:
    }
  }
  return members;
}

// `Buffer.from` ignores foreign characters, padding and spare bits, so several spellings would carry one signature:
// only the one that encoding gives back is accepted.
function decodeBase64url(part: string): Buffer | undefined {
  const bytes = Buffer.from(part, 'base64url');
  return bytes.toString('base64url') === part ? bytes : undefined;
}

function malformed(message: string): InvalidTokenError {
  return new InvalidTokenError('malformed', message);
}
