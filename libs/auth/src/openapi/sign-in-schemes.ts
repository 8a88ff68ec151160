import type { AuthConfig } from '../auth-config.js';
import type { ProviderConfig } from '../issuer-config.js';

/** A provider that people sign in at, and what its scheme is called in a document. */
export interface SignIn {
  readonly scheme: string;
  readonly issuer: string;
  /** Where its discovery document is. */
  readonly documentUrl: string;
  /** What the options say of its endpoints, in the place of its document. */
  readonly configured: Partial<SignInEndpoints>;
}

/** Where the authorization code flow goes. */
export interface SignInEndpoints {
  readonly authorizationUrl: string;
  readonly tokenUrl: string;
}

/** How a document says "sign in with the identity provider". */
export type SignInScheme = DiscoveredSignIn | CodeFlowSignIn;

/** Whoever reads it asks the provider where to go. */
export interface DiscoveredSignIn {
  readonly type: 'openIdConnect';
  readonly openIdConnectUrl: string;
  readonly description: string;
  /** The scopes with a sentence about each; OpenAPI has no place for them here. */
  readonly 'x-scopes': Readonly<Record<string, string>>;
}

/** One way to sign in, with all there is to know about it. */
export interface CodeFlowSignIn {
  readonly type: 'oauth2';
  readonly description: string;
  readonly flows: {
    readonly authorizationCode: SignInEndpoints & { readonly scopes: Readonly<Record<string, string>> };
  };
}

/** The providers that people sign in at, the main one first: schemes `oidc`, `oidc2` and so on. Tenants share one. */
export function signInsOf({ enabled, issuers, published, dpop }: AuthConfig): SignIn[] {
  // A page has no key to prove the possession of.
  if (!enabled || dpop?.required === true) return [];
  const providers = issuers.filter((issuer): issuer is ProviderConfig => issuer.kind === 'access');
  const sources = [...new Map(providers.map(({ source }) => [source.name, source])).values()];
  return sources.map(({ name, discoveryUrls }, at) => ({
    scheme: at === 0 ? 'oidc' : `oidc${at + 1}`,
    issuer: name,
    documentUrl: discoveryUrls[0] ?? name,
    configured: at === 0 ? knownEndpoints(published?.authorizationEndpoint, published?.tokenEndpoint) : {},
  }));
}

/** @param endpoints Without both of them whoever reads the scheme has to ask the provider. */
export function signInScheme(
  { issuer, documentUrl }: Pick<SignIn, 'issuer' | 'documentUrl'>,
  scopes: Readonly<Record<string, string>>,
  endpoints: Partial<SignInEndpoints>,
): SignInScheme {
  const description = `Sign in at ${issuer} (authorization code with PKCE)`;
  const { authorizationUrl, tokenUrl } = endpoints;
  if (authorizationUrl === undefined || tokenUrl === undefined) {
    return { type: 'openIdConnect', openIdConnectUrl: documentUrl, description, 'x-scopes': scopes };
  }
  return { type: 'oauth2', description, flows: { authorizationCode: { authorizationUrl, tokenUrl, scopes } } };
}

/** The endpoints that are known. */
export function knownEndpoints(
  authorizationUrl: string | undefined,
  tokenUrl: string | undefined,
): Partial<SignInEndpoints> {
  return {
    ...(authorizationUrl !== undefined && { authorizationUrl }),
    ...(tokenUrl !== undefined && { tokenUrl }),
  };
}
