import { createHash } from 'node:crypto';
import { type Algorithm, jwkThumbprint } from '@nmp/tokens';
import { type Clock, systemClock } from '../clock.js';
import { SigningKey, signJws } from './signing-key.js';

/** The request that a proof is made for, and what is odd about the proof; everything left out is as in a good one. */
export interface ProofInput {
  /** @default GET */
  method?: string;
  /** The address of the request, as the client sees it. */
  url: string;
  /** The access token that is sent with it. */
  token: string;
  /** The nonce of the server. @default none */
  nonce?: string;
  /** Claims to add or replace; `undefined` takes one away. */
  claims?: Record<string, unknown>;
  /** Header members to add or replace; `undefined` takes one away. */
  header?: Record<string, unknown>;
  /** Signs with another key than the one that the header names. */
  signer?: SigningKey;
}

/**
 * A client's key for DPoP: tokens are bound to its thumbprint, and it makes the proofs that go with them.
 * @example
 * const key = await ProofKey.generate();
 * const token = await issuer.accessToken({ claims: { cnf: { jkt: key.thumbprint } } });
 * const headers = { authorization: `DPoP ${token}`, dpop: key.proof({ url, token }) };
 * @see RFC 9449 §4.2
 */
export class ProofKey {
  private made = 0;

  private constructor(
    private readonly key: SigningKey,
    private readonly clock: Clock,
  ) {}

  /** Makes a key. @param clock Where `iat` comes from. */
  static async generate(algorithm: Algorithm = 'ES256', clock: Clock = systemClock): Promise<ProofKey> {
    return new ProofKey(await SigningKey.generate(algorithm), clock);
  }

  /** What tokens that are bound to it have in `cnf.jkt`. */
  get thumbprint(): string {
    return jwkThumbprint(this.jwk) ?? '';
  }

  /** The public half, as proofs have it in their headers. */
  get jwk(): Record<string, unknown> {
    const { kid: _kid, use: _use, alg: _alg, ...jwk } = this.key.jwk;
    return jwk;
  }

  /** Makes a proof. Good, unless `input` says otherwise. */
  proof({ method = 'GET', url, token, nonce, claims, header, signer = this.key }: ProofInput): string {
    const iat = Math.floor(this.clock.now().getTime() / 1000);
    return signJws(
      { alg: this.key.algorithm, typ: 'dpop+jwt', jwk: this.jwk, ...header },
      {
        jti: `${this.thumbprint}-${++this.made}`,
        htm: method,
        htu: url,
        iat,
        ath: createHash('sha256').update(token).digest('base64url'),
        ...(nonce !== undefined && { nonce }),
        ...claims,
      },
      signer,
    );
  }
}
