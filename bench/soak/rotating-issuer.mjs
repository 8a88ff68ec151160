import { SigningKey, TestIssuer } from '@nmp/auth/testing';
import { tokenOf } from '../tokens.mjs';

const publishedKeys = 4;

/**
 * An issuer whose key is replaced again and again, as careful providers do it: each is published before it signs, and for a
 * while after.
 */
export class RotatingIssuer {
  #issuer;
  /** The next one first, then the one that signs. */
  #keys = [];
  #signed = 0;

  static async start() {
    const rotating = new RotatingIssuer();
    rotating.#issuer = await TestIssuer.start({ clientId: 'nmp-cli', audience: 'nmp-platform', algorithm: 'ES256' });
    rotating.#keys = [rotating.#issuer.signingKey];
    await rotating.rotate();
    return rotating;
  }

  get issuer() {
    return this.#issuer.issuer;
  }

  /** How often it was asked for its keys. */
  get keyFetches() {
    return this.#issuer.jwksFetches;
  }

  async rotate() {
    this.#keys = [await SigningKey.generate('ES256'), ...this.#keys].slice(0, publishedKeys);
    this.#issuer.publish(this.#keys.map(({ jwk }) => jwk));
  }

  /** Signs tokens, none of them seen before. */
  async tokens(count) {
    const [, key] = this.#keys;
    const first = this.#signed;
    this.#signed += count;
    const claims = { scope: 'openid items:read platform:read platform:write' };
    return Promise.all(Array.from({ length: count }, (_, at) => tokenOf(this.#issuer, first + at, claims, key)));
  }

  /** Tokens of people and with key ids that nobody knows. */
  async inventedTokens(count) {
    const invented = (at) => ({ subject: `nobody-${at}`, header: { kid: `invented-${at}` } });
    return Promise.all(Array.from({ length: count }, (_, at) => this.#issuer.accessToken(invented(at))));
  }

  close() {
    return this.#issuer.close();
  }
}
