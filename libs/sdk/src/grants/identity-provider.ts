import type * as OAuth from 'oauth4webapi';
import { isSecureUrl } from '@nmp/tokens';
import type { Clock } from '../clock.js';
import { SignInError } from '../errors.js';
import type { HttpContext } from '../http-context.js';
import { requestSignal } from '../http-context.js';
import { normalizingFetch } from './normalizing-fetch.js';

/** The identity provider as one client sees it. */
export interface IdentityProvider {
  readonly issuer: string;
  readonly tokenEndpoint: string;
  readonly authorizationEndpoint?: string | undefined;
  /** Whether its answers that come with the browser always say whose they are. @see RFC 9207 §3 */
  readonly namesItself?: boolean | undefined;
  readonly deviceAuthorizationEndpoint?: string | undefined;
  readonly revocationEndpoint?: string | undefined;
  /** Parameters that this provider wants beside the usual ones when somebody signs in. */
  readonly loginParameters?: Readonly<Record<string, string>> | undefined;
  readonly clientId: string;
  readonly clientSecret?: string | undefined;
  readonly http: HttpContext;
  readonly clock: Clock;
}

/** What the OAuth library wants to know for one request. */
export interface OAuthRequest {
  readonly oauth: typeof OAuth;
  readonly server: OAuth.AuthorizationServer;
  readonly client: OAuth.Client;
  readonly clientAuth: OAuth.ClientAuth;
  readonly options: ReturnType<typeof requestOptions>;
}

/**
 * What a token request has to repeat of the sign-in's parameters: the one that a later request may narrow, and that some
 * providers want each time.
 * @see RFC 8707 §2.2
 */
export function repeatedParameters({ loginParameters }: IdentityProvider): Record<string, string> {
  const { resource } = loginParameters ?? {};
  return resource === undefined ? {} : { resource };
}

/** Prepares one request. The library is loaded here, by the first request, because most commands make none. */
export async function oauthRequest(provider: IdentityProvider): Promise<OAuthRequest> {
  const oauth = await import('oauth4webapi');
  const { issuer, clientId, clientSecret } = provider;
  const server = {
    issuer,
    token_endpoint: provider.tokenEndpoint,
    ...(provider.authorizationEndpoint ? { authorization_endpoint: provider.authorizationEndpoint } : {}),
    ...(provider.deviceAuthorizationEndpoint
      ? { device_authorization_endpoint: provider.deviceAuthorizationEndpoint }
      : {}),
    ...(provider.revocationEndpoint ? { revocation_endpoint: provider.revocationEndpoint } : {}),
  };
  for (const [name, url] of Object.entries(server)) if (name !== 'issuer') refuseInsecure(name, url);
  return {
    oauth,
    server: { ...server, authorization_response_iss_parameter_supported: provider.namesItself === true },
    client: { client_id: clientId },
    clientAuth: clientSecret === undefined ? oauth.None() : oauth.ClientSecretPost(clientSecret),
    options: requestOptions(oauth, provider),
  };
}

function requestOptions(oauth: OAuthRequest['oauth'], { http, clock }: IdentityProvider) {
  return {
    signal: requestSignal(http),
    // Only http to this machine gets past refuseInsecure().
    [oauth.allowInsecureRequests]: true,
    [oauth.customFetch]: normalizingFetch(http.fetch, clock),
  };
}

/** @see RFC 8252 §8.3 – plain http is for the loopback interface */
function refuseInsecure(name: string, url: string): void {
  if (isSecureUrl(url)) return;
  const address = URL.canParse(url) ? new URL(url).origin : 'not a URL';
  throw new SignInError(
    'insecure_endpoint',
    `The platform names a ${name} that is not https (${address}), and credentials are not sent there. Ask the platform's administrator`,
  );
}
