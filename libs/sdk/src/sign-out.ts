import type { Clock } from './clock.js';
import type { StoredContext, StoredCredentials } from './config-document.js';
import type { ConfigFile } from './config-file.js';
import { contextLockTarget, withLock } from './config-lock.js';
import { discoverPlatform, discoverRevocationEndpoint } from './discovery.js';
import { SignInError } from './errors.js';
import { revokeToken } from './grants/revocation.js';
import type { HttpContext } from './http-context.js';
import { identityProviderOf } from './identity-provider-of.js';

/** What signing out needs. */
export interface SignOutRequest {
  readonly configFile: ConfigFile;
  readonly contextName: string;
  readonly clientSecret?: string | undefined;
  readonly http: HttpContext;
  readonly clock: Clock;
}

/** What became of the tokens: whether the identity provider was told, and if not, why. */
export type SignOutResult =
  | { readonly outcome: 'not-signed-in' }
  | { readonly outcome: 'signed-out'; readonly revoked: true }
  | { readonly outcome: 'signed-out'; readonly revoked: false; readonly reason: string };

/**
 * Signs a context out: revokes its tokens at the identity provider if that can be done, and forgets them in any case.
 * @throws {ConfigError} when the file cannot be changed.
 * @see RFC 7009
 */
export async function signOut(request: SignOutRequest): Promise<SignOutResult> {
  const { configFile, contextName } = request;
  return withLock(contextLockTarget(configFile.path, contextName), async () => {
    const context = (await configFile.read()).context(contextName);
    if (!context?.credentials) return { outcome: 'not-signed-in' };
    const problem = await revoke(context, context.credentials, request);
    await configFile.update((document) => document.clearCredentials(contextName));
    return problem === undefined
      ? { outcome: 'signed-out', revoked: true }
      : { outcome: 'signed-out', revoked: false, reason: problem };
  });
}

/** @returns why the tokens could not be revoked, or nothing. */
async function revoke(
  { baseUrl }: StoredContext,
  credentials: StoredCredentials,
  { http, clock, clientSecret }: SignOutRequest,
): Promise<string | undefined> {
  if (baseUrl === undefined) return 'The context names no platform.';
  // No signal: whatever happens on the way, the tokens are forgotten at the end.
  const uninterrupted = { fetch: http.fetch, timeoutMs: http.timeoutMs };
  try {
    const { oidc } = await discoverPlatform(baseUrl, uninterrupted);
    if (!oidc || (credentials.issuer !== undefined && oidc.issuer !== credentials.issuer)) {
      return `${baseUrl} no longer uses the identity provider that issued them.`;
    }
    const revocationEndpoint = await discoverRevocationEndpoint(oidc.issuer, uninterrupted);
    if (revocationEndpoint === undefined) return `${oidc.issuer} cannot be reached or offers no revocation.`;
    const identity = { clientId: credentials.clientId, clientSecret };
    const provider = { ...identityProviderOf(oidc, identity, uninterrupted, clock), revocationEndpoint };
    // RFC 7009 §2.1: the refresh token takes its access tokens along where the provider can do that; not all can.
    if (credentials.refreshToken !== undefined) await revokeToken(provider, credentials.refreshToken, 'refresh_token');
    await revokeToken(provider, credentials.token, 'access_token').catch((error: unknown) => {
      if (!(error instanceof SignInError) || credentials.refreshToken === undefined) throw error;
    });
    return undefined;
  } catch (error) {
    if (error instanceof SignInError) return error.message;
    throw error;
  }
}
