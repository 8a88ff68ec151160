import { constants, type VerifyKeyObjectInput } from 'node:crypto';

/** Everything that is known about one signing algorithm. @see RFC 7518 §3.1 */
export interface AlgorithmSpec {
  readonly digest: 'sha256' | 'sha384' | 'sha512';
  /** The key it needs. */
  readonly key:
    { readonly kty: 'RSA' } | { readonly kty: 'EC'; readonly crv: string; readonly signatureLength: number };
  /** How `crypto.verify` is told. */
  readonly options: Omit<VerifyKeyObjectInput, 'key'>;
}

const rsa = (digest: AlgorithmSpec['digest']): AlgorithmSpec => ({
  digest,
  key: { kty: 'RSA' },
  options: { padding: constants.RSA_PKCS1_PADDING },
});

const pss = (digest: AlgorithmSpec['digest'], saltLength: number): AlgorithmSpec => ({
  digest,
  key: { kty: 'RSA' },
  options: { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength },
});

const ecdsa = (digest: AlgorithmSpec['digest'], crv: string, signatureLength: number): AlgorithmSpec => ({
  digest,
  key: { kty: 'EC', crv, signatureLength },
  options: { dsaEncoding: 'ieee-p1363' },
});

/** The algorithms that can be configured. `none` and HMAC are not among them and never will be. @see RFC 8725 §3.1 */
export const algorithms = {
  RS256: rsa('sha256'),
  RS384: rsa('sha384'),
  RS512: rsa('sha512'),
  PS256: pss('sha256', 32),
  PS384: pss('sha384', 48),
  PS512: pss('sha512', 64),
  ES256: ecdsa('sha256', 'P-256', 64),
  ES384: ecdsa('sha384', 'P-384', 96),
  ES512: ecdsa('sha512', 'P-521', 132),
} as const satisfies Record<string, AlgorithmSpec>;

/** The name of a signing algorithm that is known. */
export type Algorithm = keyof typeof algorithms;

/** All of them. */
export const algorithmNames: readonly Algorithm[] = Object.keys(algorithms) as Algorithm[]; // the keys of the table above

/** Whether a name out of a token's header is on the list of what is accepted. */
export function isAcceptedAlgorithm(name: string, accepted: readonly Algorithm[]): name is Algorithm {
  return (accepted as readonly string[]).includes(name);
}
