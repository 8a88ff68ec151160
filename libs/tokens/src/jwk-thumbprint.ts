import { createHash } from 'node:crypto';

// In the order of their names, which is the order that is hashed.
const membersByType: Readonly<Record<string, readonly string[]>> = {
  EC: ['crv', 'kty', 'x', 'y'],
  OKP: ['crv', 'kty', 'x'],
  RSA: ['e', 'kty', 'n'],
};

/**
 * The SHA-256 thumbprint of a public key, in base64url.
 * @returns `undefined` for a key of another type, or without a member that its type needs.
 * @see RFC 7638 §3
 */
export function jwkThumbprint(jwk: Readonly<Record<string, unknown>>): string | undefined {
  const names =
    typeof jwk.kty === 'string' && Object.hasOwn(membersByType, jwk.kty) ? membersByType[jwk.kty] : undefined;
  if (names === undefined || names.some((name) => typeof jwk[name] !== 'string')) return undefined;
  const hashed = JSON.stringify(Object.fromEntries(names.map((name) => [name, jwk[name]])));
  return createHash('sha256').update(hashed).digest('base64url');
}
