import { AuthConfigError, isSecureUrl, PolicyUnavailableError } from '@nmp/tokens';
import type { AuthorizationServer, Client } from 'oauth4webapi';
import type { FetchFunction } from '../auth-options.js';
import { environmentFetch } from '../environment-fetch.js';
import { within } from '../token/time-limit.js';

/** How a service signs in as itself. */
export interface ServiceCredentials {
  clientId: string;
  clientSecret: string;
  /** Where the identity provider gives out tokens. */
  tokenEndpoint: string;
  /** @default the client's own default */
  scope?: string;
  /** Parameters of the provider's own, such as `audience` or `resource` (RFC 8707). */
  parameters?: Readonly<Record<string, string>>;
}

// A token is renewed this long before it ends, so that none ends on its way.
const MARGIN_MS = 30_000;
const DEFAULT_LIFE_SECONDS = 60;

/** The access token of a service: fetched when it is needed, by one request for any number of callers, and kept. */
export class ServiceToken {
  private held: { readonly token: string; readonly usableUntilMs: number } | undefined;
  private inFlight: Promise<string> | undefined;
  private readonly fetch: FetchFunction;
  private readonly timeoutMs: number;

  constructor(
    private readonly credentials: ServiceCredentials,
    { fetch = environmentFetch(), timeoutMs = 2000 }: { fetch?: FetchFunction; timeoutMs?: number } = {},
    private readonly nowMs: () => number = Date.now,
  ) {
    if (!isSecureUrl(credentials.tokenEndpoint)) {
      throw new AuthConfigError([
        "the token endpoint of a policy server's credentials must be an https URL (plain http only on this machine)",
      ]);
    }
    this.fetch = fetch;
    this.timeoutMs = timeoutMs;
  }

  /** @throws {PolicyUnavailableError} when the provider gives none. */
  async get(): Promise<string> {
    if (this.held && this.nowMs() < this.held.usableUntilMs) return this.held.token;
    const late = (): Error => new PolicyUnavailableError(`${this.credentials.tokenEndpoint} gives no token in time`);
    this.inFlight ??= within(this.timeoutMs, this.request(), late).finally(() => {
      this.inFlight = undefined;
    });
    return this.inFlight;
  }

  /** @see RFC 6749 §4.4 */
  private async request(): Promise<string> {
    const { clientId, clientSecret, tokenEndpoint, scope, parameters } = this.credentials;
    const oauth = await import('oauth4webapi');
    const server: AuthorizationServer = { issuer: new URL(tokenEndpoint).origin, token_endpoint: tokenEndpoint };
    const client: Client = { client_id: clientId };
    try {
      const response = await oauth.clientCredentialsGrantRequest(
        server,
        client,
        oauth.ClientSecretBasic(clientSecret),
        { ...parameters, ...(scope !== undefined && { scope }) },
        {
          [oauth.customFetch]: (url, init) => this.fetch(url, init),
          [oauth.allowInsecureRequests]: new URL(tokenEndpoint).protocol === 'http:',
        },
      );
      const { access_token: token, expires_in: seconds = DEFAULT_LIFE_SECONDS } =
        await oauth.processClientCredentialsResponse(server, client, response);
      this.held = { token, usableUntilMs: this.nowMs() + seconds * 1000 - Math.min(MARGIN_MS, seconds * 500) };
      return token;
    } catch (cause) {
      throw new PolicyUnavailableError(`${tokenEndpoint} gives client ${clientId} no token: ${String(cause)}`, {
        cause,
      });
    }
  }
}
