import { createPublicKey, type JsonWebKey, type KeyObject, verify } from 'node:crypto';
import { type Algorithm, algorithms, type AlgorithmSpec } from './algorithms.js';
import { TENANT } from './issuers.js';

/** A key of an issuer, parsed once when the key set is fetched. */
export interface PublicKey {
  readonly kid: string | undefined;
  /** The algorithms it may verify: its own `alg`, or all accepted ones of its type. */
  readonly algorithms: readonly Algorithm[];
  readonly key: KeyObject;
  /** How long an RSA modulus is. */
  readonly modulusBytes: number | undefined;
  /** The issuer whose tokens it signs, as a name or as a template, if the entry says so. */
  readonly issuer: string | undefined;
  /** Names the key material, so that a key is known again when the set is fetched again. */
  readonly fingerprint: string;
}

/**
 * Makes a key of one entry of a key set.
 *
 * @returns `undefined` when the entry cannot verify access tokens of the issuer: another type or use, too weak,
 *   or malformed. One bad entry does not spoil the set.
 * @see RFC 7517 §4 and §5, RFC 7518 §3.3 (RSA keys of 2048 bits or more), RFC 8725 §3.4
 */
export function publicKeyOf(entry: unknown, accepted: readonly Algorithm[]): PublicKey | undefined {
  if (typeof entry !== 'object' || entry === null) return undefined;
  const jwk = entry as Record<string, unknown>; // an object, by the check above
  if (!isForVerifying(jwk)) return undefined;
  const usable = accepted.filter((name) => fitsAlgorithm(jwk, name, algorithms[name]));
  const key = usable.length > 0 ? parseKey(jwk) : undefined;
  if (key === undefined || !isStrong(key)) return undefined;
  const kid = typeof jwk.kid === 'string' ? jwk.kid : undefined;
  const material = key.export({ format: 'der', type: 'spki' }).toString('base64');
  const { issuer } = jwk;
  if (issuer !== undefined && typeof issuer !== 'string') return undefined;
  const fingerprint = JSON.stringify([kid, usable, issuer, material]);
  return { kid, algorithms: usable, key, modulusBytes: modulusBytesOf(key), issuer, fingerprint };
}

/** Whether a key may sign tokens of an issuer. Entra ID says so in each key, with a name or a template (`{tenantid}`). */
export function fitsIssuer(key: PublicKey, issuer: string): boolean {
  if (key.issuer === undefined || key.issuer === issuer) return true;
  const [before, after, ...rest] = key.issuer.split(TENANT);
  if (before === undefined || after === undefined || rest.length > 0) return false;
  const tenant = issuer.slice(before.length, issuer.length - after.length);
  return issuer.startsWith(before) && issuer.endsWith(after) && /^[^/]+$/.test(tenant);
}

/** Verifies a signature on the thread pool. Never rejects: whatever cannot be verified is not verified. */
export function verifySignature(
  key: PublicKey,
  algorithm: Algorithm,
  signingInput: string,
  signature: Buffer,
): Promise<boolean> {
  const spec: AlgorithmSpec = algorithms[algorithm];
  // A signature has one length: OpenSSL would take one without its leading zeros, too. RFC 8017 §8.1.2, RFC 7518 §3.4
  const length = spec.key.kty === 'EC' ? spec.key.signatureLength : key.modulusBytes;
  if (signature.length !== length) return Promise.resolve(false);
  return new Promise((resolve) => {
    verify(spec.digest, Buffer.from(signingInput), { key: key.key, ...spec.options }, signature, (error, valid) => {
      resolve(error === null && valid);
    });
  });
}

function isForVerifying({ use, key_ops: operations }: Record<string, unknown>): boolean {
  if (use !== undefined && use !== 'sig') return false;
  return operations === undefined || (Array.isArray(operations) && operations.includes('verify'));
}

function fitsAlgorithm(jwk: Record<string, unknown>, name: Algorithm, { key }: AlgorithmSpec): boolean {
  if (jwk.alg !== undefined && jwk.alg !== name) return false;
  return jwk.kty === key.kty && (key.kty === 'RSA' || jwk.crv === key.crv);
}

/** Only the public members are looked at, whatever else was published. */
function parseKey({ kty, n, e, crv, x, y }: Record<string, unknown>): KeyObject | undefined {
  const members = kty === 'RSA' ? { kty, n, e } : { kty, crv, x, y };
  try {
    return createPublicKey({ key: members as JsonWebKey, format: 'jwk' }); // createPublicKey refuses members of other types
  } catch {
    return undefined; // not a point on the curve, missing members: an entry that cannot be used (RFC 7517 §5)
  }
}

function isStrong(key: KeyObject): boolean {
  const { modulusLength, publicExponent } = key.asymmetricKeyDetails ?? {};
  if (key.asymmetricKeyType !== 'rsa') return true;
  if (isFactorable(key)) return false;
  return (
    (modulusLength ?? 0) >= 2048 && publicExponent !== undefined && publicExponent > 2n && publicExponent % 2n === 1n
  );
}

function modulusBytesOf(key: KeyObject): number | undefined {
  const { modulusLength } = key.asymmetricKeyDetails ?? {};
  return modulusLength === undefined ? undefined : Math.ceil(modulusLength / 8);
}

/** Whether a modulus has the mark of a key generator whose keys can be factored. @see CVE-2017-15361 (ROCA) */
function isFactorable(key: KeyObject): boolean {
  const { n } = key.export({ format: 'jwk' });
  const modulus = BigInt(`0x${Buffer.from(n ?? '', 'base64url').toString('hex')}`);
  return markedResidues.every(([prime, residues]) => residues.has(Number(modulus % BigInt(prime))));
}

// Such a modulus is a power of 65537 modulo each of these primes; another one is so for all of them hardly ever.
const markedResidues = [11, 13, 17, 19, 37, 53, 61, 71, 73, 79, 97, 103, 107, 109, 127, 151, 157].map(
  (prime): [number, ReadonlySet<number>] => {
    const residues = new Set<number>();
    for (let power = 1; !residues.has(power); power = (power * 65_537) % prime) residues.add(power);
    return [prime, residues];
  },
);

/** Whether an entry of a key set holds what should never leave the provider. */
export function isPrivate(entry: unknown): boolean {
  return typeof entry === 'object' && entry !== null && (Object.hasOwn(entry, 'd') || Object.hasOwn(entry, 'k'));
}
