import type { AuthConfig } from '../auth-config.js';
import type { FetchFunction } from '../auth-options.js';
import type { IssuerConfig } from '../issuer-config.js';
import { SigningKey, signJws } from './signing-key.js';

const KEYS_URL = 'https://keys.example/jwks';

/**
 * The issuers that an application trusts, played within the process under their own names: their documents and keys, and
 * the tokens that they sign.
 */
export class PlayedIssuers {
  private readonly key: SigningKey;
  /** Those that the application does not sign for itself. */
  private readonly issuers: readonly IssuerConfig[];

  constructor(private readonly config: AuthConfig) {
    this.issuers = config.issuers.filter(({ source }) => source.ownKeys === undefined);
    const [first] = config.algorithms;
    this.key = SigningKey.generateSync(config.algorithms.includes('ES256') ? 'ES256' : first);
  }

  /** Answers what is asked of the issuers. Everything else goes where the application is configured to send it. */
  readonly fetch: FetchFunction = async (url, init) => {
    const document = this.documentAt(url);
    return document === undefined ? this.config.fetch(url, init) : Response.json(document);
  };

  /** An issuer by its name, or the main one. @throws {Error} when the application does not trust such a one */
  get(name?: string): IssuerConfig {
    const found = this.issuers.find(({ issuer }) => name === undefined || issuer === name);
    if (found !== undefined) return found;
    const names = this.issuers.map(({ issuer }) => issuer).join(', ') || 'none';
    throw new Error(
      `The application does not trust ${name ?? 'any issuer'}: the issuers that can be played are ${names}`,
    );
  }

  /** Signs a token, as every one of the issuers would. */
  sign(header: Readonly<Record<string, unknown>>, claims: Readonly<Record<string, unknown>>): string {
    return signJws({ alg: this.key.algorithm, kid: this.key.kid, ...header }, claims, this.key);
  }

  private documentAt(url: string): object | undefined {
    const sources = this.issuers.map(({ source }) => source);
    if (url === KEYS_URL || sources.some(({ jwksUri }) => jwksUri === url)) return { keys: [this.key.jwk] };
    const source = sources.find(({ discoveryUrls }) => discoveryUrls.includes(url));
    return source && metadataOf(source.name);
  }
}

function metadataOf(issuer: string): object {
  return {
    issuer,
    jwks_uri: KEYS_URL,
    authorization_endpoint: `${issuer}/auth`,
    token_endpoint: `${issuer}/token`,
    device_authorization_endpoint: `${issuer}/device`,
    userinfo_endpoint: `${issuer}/userinfo`,
  };
}
