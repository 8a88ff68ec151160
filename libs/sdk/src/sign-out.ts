import { isUnsignedToken } from '@nmp/tokens';
import { accessKeyAdvice } from './access-key-token.js';
import { parseBaseUrl } from './base-url.js';
import type { Clock } from './clock.js';
import type { ConfigFile } from './config-file.js';
import { CredentialStore } from './credential-store.js';
import { discoverPlatform, discoverProvider } from './discovery.js';
import { ConfigError, NeMoError, SignInError } from './errors.js';
import type { IdentityProvider } from './grants/identity-provider.js';
import { revokeToken } from './grants/revocation.js';
import type { HttpContext } from './http-context.js';
import { identityProviderOf } from './identity-provider-of.js';
import { withSignInLock } from './sign-in-lock.js';
import type { StoredContext } from './stored-context.js';
import { isSignedIn } from './stored-context.js';
import type { StoredCredentials } from './user-entry.js';

/** What signing out needs. */
export interface SignOutRequest {
  readonly configFile: ConfigFile;
  readonly contextName: string;
  readonly clientSecret?: string | undefined;
  readonly http: HttpContext;
  readonly clock: Clock;
  /** @default process.env */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** Told about tokens that cannot be removed. */
  readonly onWarning?: ((message: string) => void) | undefined;
}

/** What became of the tokens: whether the identity provider was told, and if not, why. */
export type SignOutResult =
  | {
      readonly outcome: 'not-signed-in';
      /** An API key of older versions was there, and is forgotten now. */
      readonly hadApiKey: boolean;
    }
  | {
      readonly outcome: 'signed-out';
      readonly revoked: true;
      /** The provider ended the sign-in, yet a copy of the access token works until it expires. */
      readonly accessTokenRemains: boolean;
    }
  | { readonly outcome: 'signed-out'; readonly revoked: false; readonly reason: string };

/**
 * Signs a context out: revokes its tokens at the identity provider if that can be done, and forgets them in any case.
 * @throws {ConfigError} when the file cannot be changed.
 * @see RFC 7009
 */
export async function signOut(request: SignOutRequest): Promise<SignOutResult> {
  const { configFile, contextName } = request;
  const store = new CredentialStore(configFile, request);
  const work = async (): Promise<SignOutResult> => {
    const context = (await configFile.read()).context(contextName);
    const wasSignedIn = isSignedIn(context);
    const revocation = wasSignedIn ? await revokeStored(store, request) : undefined;
    if (wasSignedIn || context?.hasApiKey) await store.clear(contextName);
    if (!revocation) return { outcome: 'not-signed-in', hadApiKey: context?.hasApiKey === true };
    return { outcome: 'signed-out', ...revocation };
  };
  return withSignInLock(configFile, contextName, work, request.http.signal);
}

type Revocation =
  | { readonly revoked: true; readonly accessTokenRemains: boolean }
  | { readonly revoked: false; readonly reason: string };

async function revokeStored(store: CredentialStore, request: SignOutRequest): Promise<Revocation> {
  try {
    const context = await store.read(request.contextName);
    if (context.credentials) return await revoke(context, context.credentials, request);
    return notRevoked('The OS keychain no longer has them.');
  } catch (error) {
    if (error instanceof ConfigError) return notRevoked(error.message); // they cannot be read
    throw error;
  }
}

async function revoke(
  { baseUrl }: StoredContext,
  credentials: StoredCredentials,
  { http, clock, clientSecret }: SignOutRequest,
): Promise<Revocation> {
  if (isUnsignedToken(credentials.token)) return notRevoked('The token is unsigned: nobody has issued it.');
  const ofKey = accessKeyAdvice(credentials.token);
  if (ofKey !== undefined) return notRevoked(ofKey);
  if (baseUrl === undefined) return notRevoked('The context names no platform.');
  try {
    const { oidc } = await discoverPlatform(parseBaseUrl(baseUrl), http);
    if (!oidc || (credentials.issuer !== undefined && oidc.issuer !== credentials.issuer)) {
      return notRevoked(`${baseUrl} no longer uses the identity provider that issued them.`);
    }
    const { revocationEndpoint } = await discoverProvider(oidc.issuer, http);
    if (revocationEndpoint === undefined) {
      return notRevoked(`${oidc.issuer} cannot be reached or offers no revocation.`);
    }
    const identity = { clientId: credentials.clientId, clientSecret };
    const provider = { ...identityProviderOf(oidc, identity, http, clock), revocationEndpoint };
    return { revoked: true, accessTokenRemains: !(await revokeBoth(provider, credentials)) };
  } catch (error) {
    // Whatever happens on the way, the tokens are forgotten at the end.
    if (http.signal?.aborted) return notRevoked('It was interrupted.');
    if (error instanceof NeMoError) return notRevoked(error.message);
    throw error;
  }
}

/**
 * @returns whether the access token is revoked as well: not every provider can do that.
 * @see RFC 7009 §2.1
 */
async function revokeBoth(provider: IdentityProvider, { token, refreshToken }: StoredCredentials): Promise<boolean> {
  if (refreshToken !== undefined) await revokeToken(provider, refreshToken, 'refresh_token');
  try {
    await revokeToken(provider, token, 'access_token');
    return true;
  } catch (error) {
    if (error instanceof SignInError && refreshToken !== undefined) return false;
    throw error;
  }
}

function notRevoked(reason: string): Revocation {
  return { revoked: false, reason };
}
