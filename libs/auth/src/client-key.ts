import { createPrivateKey, type JsonWebKey, type KeyObject } from 'node:crypto';

/** A private key that a client signs its assertions with. */
export interface ClientKey {
  readonly key: KeyObject;
  /** The key's id, where the provider knows it by one. */
  readonly kid: string | undefined;
  /** How it signs, in the words of the Web Cryptography API. */
  readonly algorithm: { readonly name: string; readonly hash?: string; readonly namedCurve?: string };
}

const MIN_RSA_BITS = 2048;
const curves: Readonly<Record<string, string>> = { prime256v1: 'P-256', secp384r1: 'P-384', secp521r1: 'P-521' };

/** Reads a private key in PEM, or a JWK in JSON; `undefined` when it is none, or none that assertions are signed with. */
export function clientKeyOf(text: string): ClientKey | undefined {
  const jwk = jwkOf(text);
  const key = privateKeyOf(jwk ?? text);
  const algorithm = key && algorithmOf(key, jwk?.alg);
  if (key === undefined || algorithm === undefined) return undefined;
  return { key, kid: typeof jwk?.kid === 'string' ? jwk.kid : undefined, algorithm };
}

function jwkOf(text: string): (JsonWebKey & { kid?: unknown; alg?: unknown }) | undefined {
  if (!text.trimStart().startsWith('{')) return undefined;
  try {
    return JSON.parse(text) as JsonWebKey; // an object by its first character; node:crypto checks the members
  } catch {
    return undefined;
  }
}

function privateKeyOf(source: JsonWebKey | string): KeyObject | undefined {
  try {
    return createPrivateKey(typeof source === 'string' ? source : { key: source, format: 'jwk' });
  } catch {
    // What OpenSSL says of it may hold parts of it.
    return undefined;
  }
}

function algorithmOf(key: KeyObject, alg: unknown): ClientKey['algorithm'] | undefined {
  const { modulusLength = 0, namedCurve: curve = '' } = key.asymmetricKeyDetails ?? {};
  switch (key.asymmetricKeyType) {
    case 'rsa':
      if (modulusLength < MIN_RSA_BITS) return undefined;
      return { name: alg === 'PS256' ? 'RSA-PSS' : 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
    case 'ec':
      return curves[curve] === undefined ? undefined : { name: 'ECDSA', namedCurve: curves[curve] };
    case 'ed25519':
      return { name: 'Ed25519' };
    default:
      return undefined;
  }
}
