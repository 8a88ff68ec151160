import { isLoopbackHost, isSecureUrl } from '@nmp/tokens';
import { GrantError, grantErrorOf, malformed } from './grant-error.js';
import type { IdentityProvider } from './identity-provider.js';
import { oauthRequest } from './identity-provider.js';

const DEFAULT_INTERVAL_SECONDS = 5;
const MAX_CODE_SECONDS = 86_400;
const firstRetryWaitsSeconds = [1, 2];
const longestRateLimitWaitSeconds = 60;

/** What a person needs to sign in on another device, and what the program needs to wait for it. */
export interface DeviceCode {
  readonly deviceCode: string;
  readonly userCode: string;
  readonly verificationUri: string;
  /** The page with the code already filled in. */
  readonly verificationUriComplete?: string;
  readonly intervalSeconds: number;
  readonly lifetimeSeconds: number;
  readonly expiresAt: Date;
  /** Proves that who polls is who asked, for providers that want it. */
  readonly codeVerifier?: string;
}

/**
 * Asks for a device code. Trouble of the server or the connection is retried twice; a provider that asks for a proof key
 * (PKCE, as Keycloak can for any grant of a client) is asked again with one.
 * @throws {GrantError} when the provider refuses, cannot be reached, or names a page that is not safe to open.
 * @see RFC 8628 §3.1, RFC 7636
 */
export async function requestDeviceCode(provider: IdentityProvider, scopes: readonly string[]): Promise<DeviceCode> {
  let codeVerifier: string | undefined;
  for (let failures = 0; ; failures += 1) {
    try {
      return await attempt(provider, scopes, codeVerifier);
    } catch (error) {
      if (codeVerifier === undefined && asksForProofKey(error)) {
        codeVerifier = (await import('oauth4webapi')).generateRandomCodeVerifier();
        continue;
      }
      const wait = error instanceof GrantError ? retryWait(error, failures) : undefined;
      if (wait === undefined) throw exhausted(error);
      await provider.clock.sleep(wait * 1000, provider.http.signal);
    }
  }
}

async function attempt(
  provider: IdentityProvider,
  scopes: readonly string[],
  codeVerifier: string | undefined,
): Promise<DeviceCode> {
  try {
    const { oauth, server, client, clientAuth, options } = await oauthRequest(provider);
    const form = new URLSearchParams({
      ...provider.loginParameters,
      ...(scopes.length > 0 ? { scope: scopes.join(' ') } : {}),
    });
    if (codeVerifier !== undefined) {
      form.set('code_challenge', await oauth.calculatePKCECodeChallenge(codeVerifier));
      form.set('code_challenge_method', 'S256');
    }
    const response = await oauth.deviceAuthorizationRequest(server, client, clientAuth, form, options);
    const answer = await oauth.processDeviceAuthorizationResponse(server, client, response);
    if (!isSecureUrl(answer.verification_uri)) {
      throw malformed(provider, 'insecure_verification_uri', 'the page to sign in on is not an https page');
    }
    if (!isWhereProviderMayBe(answer.verification_uri, provider)) {
      const problem = 'the page to sign in on is on this machine, where the provider is not';
      throw malformed(provider, 'insecure_verification_uri', problem);
    }
    const complete = answer.verification_uri_complete;
    const isGoodPage = complete !== undefined && isSecureUrl(complete) && isWhereProviderMayBe(complete, provider);
    const lifetimeSeconds = Math.min(answer.expires_in, MAX_CODE_SECONDS);
    return {
      deviceCode: answer.device_code,
      userCode: answer.user_code,
      verificationUri: answer.verification_uri,
      ...(isGoodPage ? { verificationUriComplete: complete } : {}),
      intervalSeconds: answer.interval ?? DEFAULT_INTERVAL_SECONDS,
      lifetimeSeconds,
      expiresAt: new Date(provider.clock.now().getTime() + lifetimeSeconds * 1000),
      ...(codeVerifier !== undefined && { codeVerifier }),
    };
  } catch (error) {
    throw grantErrorOf(error, 'device', provider, [provider.clientSecret ?? '']);
  }
}

/** A server elsewhere has no page on this machine: what listens here would be sent a request that nobody here asked for. */
function isWhereProviderMayBe(
  page: string,
  { issuer, deviceAuthorizationEndpoint = issuer }: IdentityProvider,
): boolean {
  const isHere = (url: string): boolean => isLoopbackHost(new URL(url).hostname);
  return !isHere(page) || isHere(deviceAuthorizationEndpoint);
}

function asksForProofKey(error: unknown): boolean {
  return error instanceof GrantError && error.code === 'invalid_request' && error.message.includes('code_challenge');
}

/** How many seconds to wait before asking again, or `undefined` when asking again is no use. */
function retryWait(error: GrantError, failures: number): number | undefined {
  const wait = firstRetryWaitsSeconds[failures];
  if (wait === undefined) return undefined;
  if (error.httpStatus !== 429) return error.isTransient ? wait : undefined;
  const asked = error.retryAfterSeconds;
  return asked !== undefined && asked <= longestRateLimitWaitSeconds ? asked : undefined;
}

function exhausted(error: unknown): unknown {
  if (!(error instanceof GrantError)) return error;
  if (error.httpStatus === 429) return renamed(error, 'rate_limited');
  return (error.httpStatus ?? 0) >= 500 ? renamed(error, 'device_endpoint_unavailable') : error;
}

function renamed(error: GrantError, code: string): GrantError {
  return new GrantError(code, error.message, error.httpStatus, error.retryAfterSeconds, undefined, { cause: error });
}
