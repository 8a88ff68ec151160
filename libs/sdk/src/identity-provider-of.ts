import type { Clock } from './clock.js';
import type { OidcDiscovery } from './discovery.js';
import { SignInError } from './errors.js';
import type { IdentityProvider } from './grants/identity-provider.js';
import type { HttpContext } from './http-context.js';

/** What a client says of itself, where that differs from what the platform publishes. */
export interface ClientIdentity {
  readonly clientId?: string | undefined;
  readonly clientSecret?: string | undefined;
}

/**
 * The identity provider behind a platform.
 * @throws {SignInError} `oidc_incomplete` when the platform does not say where tokens come from, or for which client.
 */
export function identityProviderOf(
  oidc: OidcDiscovery,
  identity: ClientIdentity,
  http: HttpContext,
  clock: Clock,
): IdentityProvider {
  if (oidc.tokenEndpoint === undefined) {
    throw incomplete(
      `The platform does not know the token endpoint of ${oidc.issuer}; that identity provider may be down.`,
      'Try again later, or ask the administrator to set auth.oidc.token_endpoint',
    );
  }
  const clientId = identity.clientId ?? oidc.clientId;
  if (clientId === undefined) {
    throw incomplete('The platform publishes no client id.', 'Give one with --client-id, or ask the administrator');
  }
  return {
    issuer: oidc.issuer,
    tokenEndpoint: oidc.tokenEndpoint,
    authorizationEndpoint: oidc.authorizationEndpoint,
    deviceAuthorizationEndpoint: oidc.deviceAuthorizationEndpoint,
    loginParameters: oidc.loginParameters,
    clientId,
    clientSecret: identity.clientSecret,
    http,
    clock,
  };
}

function incomplete(problem: string, advice: string): SignInError {
  return new SignInError('oidc_incomplete', `${problem} ${advice}`);
}
