import { decodeUnverifiedClaims, stripScopePrefix } from '@nmp/tokens';
import { parseBaseUrl } from './base-url.js';
import type { Clock } from './clock.js';
import type { ConfigFile } from './config-file.js';
import { contextLockTarget, withLock } from './config-lock.js';
import type { OidcDiscovery } from './discovery.js';
import { discoverPlatform } from './discovery.js';
import { SignInError } from './errors.js';
import type { DeviceCode } from './grants/device-grant.js';
import { requestDeviceCode } from './grants/device-grant.js';
import { pollForTokens } from './grants/device-poll.js';
import type { IdentityProvider } from './grants/identity-provider.js';
import type { PasswordCredentials } from './grants/password-grant.js';
import { passwordGrant } from './grants/password-grant.js';
import type { TokenSet } from './grants/token-set.js';
import type { HttpContext } from './http-context.js';
import type { ClientIdentity } from './identity-provider-of.js';
import { identityProviderOf } from './identity-provider-of.js';
import { grantedScopes, requireGrantedScopes, scopesToRequest } from './login-scopes.js';
import { credentialsOf } from './stored-credentials.js';
import { printable } from './text.js';

/** How somebody signs in. */
export type SignInGrant =
  | {
      readonly type: 'device';
      /** Told the page and the code as soon as they are known; the wait begins when it returns. */
      readonly onDeviceCode: (device: DeviceCode) => void | Promise<void>;
    }
  | ({ readonly type: 'password' } & PasswordCredentials);

/** What a sign-in needs. */
export interface SignInRequest extends ClientIdentity {
  readonly configFile: ConfigFile;
  /** Where the sign-in is stored; it becomes the current context. */
  readonly contextName: string;
  /** Kept in the context when the sign-in succeeds. */
  readonly baseUrl: string;
  /** Scopes to ask for instead of the platform's default ones. */
  readonly scopes?: readonly string[] | undefined;
  readonly grant: SignInGrant;
  readonly http: HttpContext;
  readonly clock: Clock;
  /** Told the scopes, in short form, before the identity provider is asked. */
  readonly onScopes?: (scopes: readonly string[]) => void;
}

/** How a sign-in ended. */
export type SignInResult =
  | { readonly outcome: 'auth-disabled' }
  | {
      readonly outcome: 'signed-in';
      /** Who signed in, if the token says so. */
      readonly email?: string;
      /** In short form, without the identity provider's prefix. */
      readonly grantedScopes: readonly string[];
      readonly hasRefreshToken: boolean;
      /** False for a token that is no JWT: most platforms cannot verify one. */
      readonly isJwt: boolean;
    };

/**
 * Signs somebody in at the platform's identity provider and stores the tokens. Until it has succeeded, nothing that is
 * stored is touched.
 * @throws {SignInError} and {GrantError} when there is no way to sign in, or the provider refuses.
 * @throws {ConfigError} when the tokens cannot be stored.
 */
export async function signIn(request: SignInRequest): Promise<SignInResult> {
  const { configFile, contextName, http, clock } = request;
  const baseUrl = parseBaseUrl(request.baseUrl);
  await configFile.read(); // one that cannot be used is told before the person goes to the trouble of signing in
  const { authEnabled, oidc } = await discoverPlatform(baseUrl, http);
  if (!authEnabled) return { outcome: 'auth-disabled' };
  if (!oidc) throw noOidc(baseUrl);

  const provider = identityProviderOf(oidc, request, http, clock);
  const requested = scopesToRequest(oidc.defaultScopes, request.scopes, oidc.scopePrefix);
  request.onScopes?.(requested.map((scope) => stripScopePrefix(scope, oidc.scopePrefix)));
  const tokens = await obtainTokens(request.grant, provider, requested);
  const granted = grantedScopes(tokens, requested);
  requireGrantedScopes(requested, granted, {
    prefix: oidc.scopePrefix,
    issuer: oidc.issuer,
    clientId: provider.clientId,
  });

  const credentials = credentialsOf(tokens, provider, oidc, clock.now());
  const store = (): Promise<void> =>
    configFile.update((document) => {
      document.setBaseUrl(contextName, baseUrl);
      document.setCredentials(contextName, credentials);
      document.currentContext = contextName;
    });
  await withLock(contextLockTarget(configFile.path, contextName), store, http.signal);
  return resultOf(tokens, granted, oidc);
}

async function obtainTokens(grant: SignInGrant, provider: IdentityProvider, scopes: string[]): Promise<TokenSet> {
  if (grant.type === 'password') return passwordGrant(provider, grant, scopes);
  if (provider.deviceAuthorizationEndpoint === undefined) {
    throw new SignInError(
      'device_flow_unsupported',
      `The identity provider ${provider.issuer} offers no device sign-in. Use --username and --password, or ask its administrator to switch the device flow on`,
    );
  }
  const device = await requestDeviceCode(provider, scopes);
  await grant.onDeviceCode(device);
  return pollForTokens(provider, device);
}

function resultOf(tokens: TokenSet, granted: readonly string[], oidc: OidcDiscovery): SignInResult {
  const claims = decodeUnverifiedClaims(tokens.accessToken);
  const email = [claims?.upn, claims?.email, claims?.preferred_username].find((value) => typeof value === 'string');
  return {
    outcome: 'signed-in',
    ...(typeof email === 'string' ? { email: printable(email) } : {}),
    grantedScopes: granted.map((scope) => printable(stripScopePrefix(scope, oidc.scopePrefix))),
    hasRefreshToken: tokens.refreshToken !== undefined,
    isJwt: claims !== undefined,
  };
}

function noOidc(baseUrl: string): SignInError {
  return new SignInError(
    'oidc_not_configured',
    `The platform at ${baseUrl} has no identity provider configured. Ask its administrator to set auth.oidc.issuer and auth.oidc.client_id`,
  );
}
