import { decodeUnverifiedClaims, missingScopes, scopesOfClaims, stripScopePrefix } from '@nmp/tokens';
import { parseBaseUrl } from './base-url.js';
import type { Clock } from './clock.js';
import type { ConfigFile } from './config-file.js';
import { CredentialStore } from './credential-store.js';
import type { OidcDiscovery, PlatformDiscovery } from './discovery.js';
import { discoverPlatform } from './discovery.js';
import { SignInError } from './errors.js';
import { checkGivenToken, credentialsOfToken } from './given-token.js';
import type { HttpContext } from './http-context.js';
import type { ClientIdentity } from './identity-provider-of.js';
import { identityProviderOf } from './identity-provider-of.js';
import { grantedScopes, isPlainOidcScope, requireGrantedScopes, scopesToRequest } from './login-scopes.js';
import type { TokenGrant } from './obtain-tokens.js';
import { obtainTokens } from './obtain-tokens.js';
import { withSignInLock } from './sign-in-lock.js';
import { credentialsOf } from './stored-credentials.js';
import { tokenStoreOf } from './stored-preferences.js';
import { printable } from './text.js';
import type { UnsignedGrant } from './unsigned-sign-in.js';
import { unsignedTokenFor } from './unsigned-sign-in.js';
import type { StoredCredentials } from './user-entry.js';

/** How somebody signs in: in one of the ways the identity provider offers, or with a token that is at hand already. */
export type SignInGrant = TokenGrant | UnsignedGrant | { readonly type: 'token'; readonly accessToken: string };

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
  /** @default process.env */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** Told when the tokens cannot be kept where they should be. */
  readonly onWarning?: ((message: string) => void) | undefined;
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
      /** The client, when it signed in for itself. */
      readonly clientId?: string;
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
  const { configFile, http } = request;
  const baseUrl = parseBaseUrl(request.baseUrl);
  // What cannot be used is told before the person goes to the trouble of signing in.
  tokenStoreOf(request.env ?? process.env, (await configFile.read()).preferences(request.contextName));
  const discovery = await discoverPlatform(baseUrl, http);
  if (!discovery.authEnabled) return { outcome: 'auth-disabled' };
  await configFile.checkWritable();
  const signedIn = await signInBy(request, baseUrl, discovery);
  await store(request, baseUrl, signedIn.credentials);
  return resultOf(signedIn, discovery.oidc?.scopePrefix);
}

/** A sign-in that has succeeded and is yet to be stored. */
interface SignedIn {
  readonly credentials: StoredCredentials;
  readonly granted: readonly string[];
  readonly clientId?: string;
}

async function signInBy(request: SignInRequest, baseUrl: string, discovery: PlatformDiscovery): Promise<SignedIn> {
  const { grant, scopes = [], clock } = request;
  const { oidc, acceptsUnsigned = false } = discovery;
  if (grant.type === 'token') return signInByToken(grant.accessToken, request, baseUrl, oidc);
  if (grant.type === 'unsigned') {
    const token = unsignedTokenFor(grant, scopes, { baseUrl, discovery, clock });
    return signInByToken(token, request, baseUrl, oidc);
  }
  if (!oidc) throw noOidc(baseUrl, acceptsUnsigned);
  return signInByGrant(grant, request, oidc);
}

async function signInByGrant(grant: TokenGrant, request: SignInRequest, oidc: OidcDiscovery): Promise<SignedIn> {
  const { http, clock, scopes } = request;
  const provider = identityProviderOf(oidc, request, http, clock);
  const isClient = grant.type === 'client-credentials';
  const defaults = isClient ? oidc.defaultScopes.filter((scope) => !isPlainOidcScope(scope)) : oidc.defaultScopes;
  const requested = scopesToRequest(defaults, scopes, oidc.scopePrefix);
  request.onScopes?.(requested.map((scope) => stripScopePrefix(scope, oidc.scopePrefix)));
  const tokens = await obtainTokens(grant, provider, requested);
  const granted = grantedScopes(tokens, requested);
  const { issuer } = oidc;
  requireGrantedScopes(requested, granted, { prefix: oidc.scopePrefix, issuer, clientId: provider.clientId });
  const credentials = credentialsOf(tokens, provider, oidc, clock.now());
  if (!isClient) return { credentials, granted };
  return { credentials: { ...credentials, grantType: 'client_credentials' }, granted, clientId: provider.clientId };
}

async function signInByToken(
  accessToken: string,
  { http, clock, scopes = [] }: SignInRequest,
  baseUrl: string,
  oidc: OidcDiscovery | undefined,
): Promise<SignedIn> {
  const claims = decodeUnverifiedClaims(accessToken);
  const granted = claims === undefined ? [] : scopesOfClaims(claims);
  const missing = missingScopes(scopes, granted, oidc?.scopePrefix);
  if (missing.length > 0) {
    throw new SignInError(
      'missing_scopes',
      `Token is missing requested scopes: ${missing.join(' ')}. Nothing was saved. Get a token that has them, or leave --scope out`,
    );
  }
  await checkGivenToken(accessToken, baseUrl, http, clock);
  return { credentials: credentialsOfToken(accessToken), granted };
}

async function store(request: SignInRequest, baseUrl: string, credentials: StoredCredentials): Promise<void> {
  const { configFile, contextName, http, env = process.env } = request;
  const write = (): Promise<void> =>
    new CredentialStore(configFile, request).save(contextName, (document) => {
      document.setBaseUrl(contextName, baseUrl);
      document.currentContext = contextName;
      return { credentials, tokenStore: tokenStoreOf(env, document.preferences(contextName)) };
    });
  await withSignInLock(configFile, contextName, write, http.signal);
}

function resultOf({ credentials, granted, clientId }: SignedIn, scopePrefix: string | undefined): SignInResult {
  const claims = decodeUnverifiedClaims(credentials.token);
  const email = [claims?.upn, claims?.email, claims?.preferred_username].find((value) => typeof value === 'string');
  return {
    outcome: 'signed-in',
    ...(typeof email === 'string' ? { email: printable(email) } : {}),
    ...(clientId === undefined ? {} : { clientId }),
    grantedScopes: granted.map((scope) => printable(stripScopePrefix(scope, scopePrefix))),
    hasRefreshToken: credentials.refreshToken !== undefined,
    isJwt: claims !== undefined,
  };
}

function noOidc(baseUrl: string, acceptsUnsigned: boolean): SignInError {
  const advice = acceptsUnsigned
    ? 'It takes the word of whoever is on its machine. Run: nemo auth login --unsigned-token --email you@example.com'
    : 'Ask its administrator to set auth.oidc.issuer and auth.oidc.client_id';
  return new SignInError(
    'oidc_not_configured',
    `The platform at ${baseUrl} has no identity provider configured. ${advice}`,
  );
}
