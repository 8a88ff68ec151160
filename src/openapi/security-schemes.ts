import type { AuthModuleOptions } from '@nmp/auth';
import { addScopePrefix, parseScopes } from '@nmp/tokens';

/** The names of the security schemes; either is enough. */
export const SIGN_IN = 'oidc';
export const BEARER = 'bearer';

/** How an API description says "sign in with the identity provider". */
export type SignInScheme =
  | { readonly type: 'openIdConnect'; readonly openIdConnectUrl: string; readonly description: string }
  | {
      readonly type: 'oauth2';
      readonly flows: {
        readonly authorizationCode: {
          readonly authorizationUrl: string;
          readonly tokenUrl: string;
          readonly scopes: Record<string, string>;
        };
      };
      readonly description: string;
    };

const description = 'Sign in with the identity provider (authorization code with PKCE)';

/** Configured endpoints are used as they are; else the client reads the provider's discovery document. */
export function signInScheme(auth: AuthModuleOptions): SignInScheme | undefined {
  const { enabled, oidc } = auth;
  if (enabled === false || oidc === undefined || oidc.enabled === false || oidc.issuer === undefined) return undefined;
  const { issuer, discoveryUrl, authorizationEndpoint, tokenEndpoint } = oidc;
  if (authorizationEndpoint !== undefined && tokenEndpoint !== undefined) {
    const scopes = Object.fromEntries(requestedScopes(auth).map((scope) => [scope, '']));
    const authorizationCode = { authorizationUrl: authorizationEndpoint, tokenUrl: tokenEndpoint, scopes };
    return { type: 'oauth2', flows: { authorizationCode }, description };
  }
  const openIdConnectUrl = discoveryUrl ?? `${issuer.replace(/\/+$/, '')}/.well-known/openid-configuration`;
  return { type: 'openIdConnect', openIdConnectUrl, description };
}

/** The scopes to ask for at sign-in, as the provider knows them. */
export function requestedScopes({ oidc }: AuthModuleOptions): string[] {
  const scopes = parseScopes(oidc?.defaultScopes ?? '');
  return scopes.map((scope) => addScopePrefix(scope, oidc?.scopePrefix));
}
