import { createHash, generateKeyPair, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { promisify } from 'node:util';
import { type Algorithm, algorithms, type AlgorithmSpec } from '@nmp/tokens';
import { refuseProduction } from './refuse-production.js';

/** A public key as key sets have it. @see RFC 7517 §4 */
export interface PublicJwk {
  readonly kty: string;
  readonly kid: string;
  readonly use: 'sig';
  readonly alg: Algorithm;
  readonly n?: string;
  readonly e?: string;
  readonly crv?: string;
  readonly x?: string;
  readonly y?: string;
}

interface KeyPair {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

const rsaSize = { modulusLength: 2048 };

/** A key pair that signs test tokens. */
export class SigningKey {
  private constructor(
    readonly kid: string,
    readonly algorithm: Algorithm,
    readonly privateKey: KeyObject,
    readonly publicKey: KeyObject,
  ) {}

  /** Makes a new key pair: RSA of 2048 bits, or of the algorithm's curve. */
  static async generate(algorithm: Algorithm = 'RS256', kid?: string): Promise<SigningKey> {
    const { key }: AlgorithmSpec = algorithms[algorithm];
    const pair =
      key.kty === 'RSA'
        ? await promisify(generateKeyPair)('rsa', rsaSize)
        : await promisify(generateKeyPair)('ec', { namedCurve: key.crv });
    return SigningKey.of(pair, algorithm, kid);
  }

  /** As {@link generate}, at once: RSA keys take their time. */
  static generateSync(algorithm: Algorithm = 'ES256', kid?: string): SigningKey {
    const { key }: AlgorithmSpec = algorithms[algorithm];
    const pair =
      key.kty === 'RSA' ? generateKeyPairSync('rsa', rsaSize) : generateKeyPairSync('ec', { namedCurve: key.crv });
    return SigningKey.of(pair, algorithm, kid);
  }

  private static of({ privateKey, publicKey }: KeyPair, algorithm: Algorithm, kid: string | undefined): SigningKey {
    refuseProduction();
    const material = publicKey.export({ format: 'der', type: 'spki' });
    const name = kid ?? createHash('sha256').update(material).digest('base64url').slice(0, 16);
    return new SigningKey(name, algorithm, privateKey, publicKey);
  }

  /** The public half, as a key set publishes it. */
  get jwk(): PublicJwk {
    const { kty = '', n, e, crv, x, y } = this.publicKey.export({ format: 'jwk' });
    const material = kty === 'RSA' ? { n, e } : { crv, x, y };
    return { ...material, kty, kid: this.kid, use: 'sig', alg: this.algorithm };
  }

  /** The same key pair under another key id. */
  renamed(kid: string, algorithm: Algorithm = this.algorithm): SigningKey {
    return new SigningKey(kid, algorithm, this.privateKey, this.publicKey);
  }

  /** Signs the first two parts of a token. */
  sign(signingInput: string, algorithm: Algorithm = this.algorithm): Buffer {
    const spec: AlgorithmSpec = algorithms[algorithm];
    return sign(spec.digest, Buffer.from(signingInput), { key: this.privateKey, ...spec.options });
  }
}

/** Makes a compact JWS of any header and claims, however wrong they are. */
export function signJws(header: unknown, claims: unknown, key: SigningKey, algorithm?: Algorithm): string {
  const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signingInput = `${encode(header)}.${encode(claims)}`;
  return `${signingInput}.${key.sign(signingInput, algorithm).toString('base64url')}`;
}
