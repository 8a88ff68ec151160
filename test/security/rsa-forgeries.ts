import {
  checkPrimeSync,
  constants,
  createHash,
  createPrivateKey,
  type JsonWebKey,
  type KeyObject,
  privateEncrypt,
  sign,
} from 'node:crypto';
import type { Signer } from './forgeries.js';

/** The parameters of an RSASSA-PSS signature that PS256 fixes: SHA-256 twice and a salt of 32 bytes. @see RFC 7518 §3.5 */
export interface PssParameters {
  readonly hash?: string;
  readonly mgfHash?: string;
  readonly saltLength?: number;
}

/** Signs by RSASSA-PSS with any parameters, for a key of 2048 bits. @see RFC 8017 §9.1.1 */
export function pssSigner(privateKey: KeyObject, parameters: PssParameters = {}): Signer {
  const { hash = 'sha256', mgfHash = 'sha256', saltLength = 32 } = parameters;
  return {
    sign: (input) => {
      const salt = Buffer.alloc(saltLength, 7);
      const digest = createHash(hash).update(input).digest();
      const seed = createHash(hash).update(Buffer.alloc(8)).update(digest).update(salt).digest();
      const data = Buffer.alloc(256 - seed.length - 1);
      data[data.length - saltLength - 1] = 1;
      salt.copy(data, data.length - saltLength);
      const mask = maskOf(seed, data.length, mgfHash);
      const masked = data.map((byte, at) => byte ^ (mask[at] ?? 0));
      masked[0] = (masked[0] ?? 0) & 0x7f;
      const encoded = Buffer.concat([masked, seed, Buffer.from([0xbc])]);
      return privateEncrypt({ key: privateKey, padding: constants.RSA_NO_PADDING }, encoded);
    },
  };
}

/** What verifies under a key whose exponent is 1: the encoded message itself. Nobody needs a private key for it. */
export const exponentOneSigner: Signer = {
  sign: (input) => {
    const prefix = Buffer.from('3031300d060960864801650304020105000420', 'hex'); // DigestInfo of SHA-256
    const info = Buffer.concat([prefix, createHash('sha256').update(input).digest()]);
    return Buffer.concat([Buffer.from([0, 1]), Buffer.alloc(253 - info.length, 0xff), Buffer.from([0]), info]);
  },
};

/**
 * An RSA key as the chips of CVE-2017-15361 (ROCA) made them: its primes are k·M + 65537^a mod M, where M is the product
 * of the first 126 primes. Its modulus can be factored.
 */
export function rocaKey(): Signer & { readonly jwk: JsonWebKey } {
  const [p, q] = [rocaPrime(3n), rocaPrime(11n)];
  const [n, e] = [p * q, 65537n];
  const d = inverse(e, (p - 1n) * (q - 1n));
  const members = { n, e, d, p, q, dp: d % (p - 1n), dq: d % (q - 1n), qi: inverse(q, p) };
  const jwk: JsonWebKey = { kty: 'RSA' };
  for (const [name, value] of Object.entries(members)) jwk[name] = base64urlOf(value);
  const key = createPrivateKey({ key: jwk, format: 'jwk' });
  return { jwk: { kty: 'RSA', n: jwk.n, e: jwk.e }, sign: (input) => sign('sha256', Buffer.from(input), key) };
}

function rocaPrime(exponent: bigint): bigint {
  const primes: bigint[] = [];
  for (let number = 2n; primes.length < 126; number++) {
    if (primes.every((prime) => number % prime !== 0n)) primes.push(number);
  }
  const product = primes.reduce((left, right) => left * right, 1n);
  let residue = 1n;
  for (let at = 0n; at < exponent; at++) residue = (residue * 65537n) % product;
  for (let k = (15n << 1020n) / product; ; k++) {
    const candidate = k * product + residue;
    if (candidate % 65537n !== 1n && checkPrimeSync(candidate)) return candidate;
  }
}

function inverse(value: bigint, modulus: bigint): bigint {
  let [a, b, x, y] = [value % modulus, modulus, 1n, 0n];
  while (a > 1n) {
    const quotient = a / b;
    [a, b] = [b, a % b];
    [x, y] = [y, x - quotient * y];
  }
  return ((x % modulus) + modulus) % modulus;
}

function base64urlOf(value: bigint): string {
  const hex = value.toString(16);
  return Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex').toString('base64url');
}

function maskOf(seed: Buffer, length: number, hash: string): Buffer {
  const blocks: Buffer[] = [];
  for (let counter = 0; blocks.length * 20 < length; counter++) {
    blocks.push(
      createHash(hash)
        .update(seed)
        .update(Buffer.from([0, 0, 0, counter]))
        .digest(),
    );
  }
  return Buffer.concat(blocks).subarray(0, length);
}
