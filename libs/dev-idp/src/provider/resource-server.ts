import type { Client, KoaContextWithOIDC, ResourceServer } from 'oidc-provider';
import { knownScopes, splitScope } from '../scopes.js';
import type { ProviderParts } from './provider-parts.js';
import { platformResource } from './provider-parts.js';

/**
 * Describes the platform's resource server; being asked for by every grant, it is also where scopes are checked.
 * @throws {errors.InvalidTarget} for any other resource
 * @throws {errors.InvalidScope} for a scope the client may not ask for
 */
export function resourceServer(
  parts: ProviderParts,
  context: KoaContextWithOIDC,
  resource: string,
  client: Client,
): ResourceServer {
  if (resource !== platformResource) throw new parts.oidc.errors.InvalidTarget();
  assertAllowedScopes(parts, client, context.oidc.params?.['scope']);
  return {
    // OpenID's own scopes are listed too, so that the token says in full what was granted.
    scope: knownScopes.join(' '),
    audience: parts.tokens.audience,
    accessTokenTTL: parts.tokens.accessTokenTtlSeconds,
    accessTokenFormat: 'jwt',
    jwt: { sign: { alg: 'RS256' } },
  };
}

/** @throws {errors.InvalidScope} naming the scopes the client may not ask for */
function assertAllowedScopes(parts: ProviderParts, client: Client, scope: unknown): void {
  const allowed = parts.clients.allowedScopes(client.clientId);
  const refused = splitScope(scope).filter((token) => !allowed.has(token));
  if (refused.length > 0) {
    throw new parts.oidc.errors.InvalidScope('requested scope is unknown or not allowed', refused.join(' '));
  }
}
