import { calculateJwkThumbprint, type CryptoKey, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose';

/** The algorithm of the platform's own tokens: the one that every verifier knows. */
export const SIGNING_ALGORITHM = 'RS256';

const MODULUS_BITS = 2_048;

/** A public key as the key set publishes it. @see RFC 7517 §4 */
export interface PublishedKey {
  readonly kty: string;
  readonly kid: string;
  readonly use: 'sig';
  readonly alg: typeof SIGNING_ALGORITHM;
  readonly n: string;
  readonly e: string;
}

/** A key pair as it is stored. */
export interface KeyPair {
  readonly kid: string;
  readonly privateJwk: JWK;
}

export async function generateKey(): Promise<KeyPair> {
  const { privateKey } = await generateKeyPair(SIGNING_ALGORITHM, { modulusLength: MODULUS_BITS, extractable: true });
  const privateJwk = await exportJWK(privateKey);
  return { kid: await calculateJwkThumbprint(privateJwk), privateJwk };
}

/** The public half, member by member, so that nothing private can come along. */
export function publishedKeyOf({ kid, privateJwk: { kty = '', n = '', e = '' } }: KeyPair): PublishedKey {
  return { kty, kid, use: 'sig', alg: SIGNING_ALGORITHM, n, e };
}

export async function privateKeyOf({ privateJwk }: KeyPair): Promise<CryptoKey | Uint8Array> {
  return importJWK(privateJwk, SIGNING_ALGORITHM, { extractable: false });
}
