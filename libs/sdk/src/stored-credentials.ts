import { decodeUnverifiedClaims } from '@nmp/tokens';
import type { StoredCredentials } from './user-entry.js';
import type { OidcDiscovery } from './discovery.js';
import type { IdentityProvider } from './grants/identity-provider.js';
import { repeatedParameters } from './grants/identity-provider.js';
import type { TokenSet } from './grants/token-set.js';

/** What to store of a sign-in's tokens: what the token cannot tell later is noted beside it. */
export function credentialsOf(
  tokens: TokenSet,
  provider: IdentityProvider,
  oidc: OidcDiscovery,
  now: Date,
): StoredCredentials {
  const { resource } = repeatedParameters(provider);
  return {
    ...tokenFields(tokens, now),
    issuer: provider.issuer,
    tokenEndpoint: provider.tokenEndpoint,
    ...(resource === undefined ? {} : { resource }),
    ...(provider.clientId === oidc.clientId ? {} : { clientId: provider.clientId }),
  };
}

/** What to store after a refresh: a refresh token or scope that the answer does not repeat still holds. @see RFC 6749 §5.1, §6 */
export function refreshedCredentials(old: StoredCredentials, tokens: TokenSet, now: Date): StoredCredentials {
  const { issuer, tokenEndpoint, resource, clientId, grantType, refreshToken, scope } = old;
  const kept = Object.entries({ issuer, tokenEndpoint, resource, clientId, grantType, refreshToken, scope }).filter(
    ([, value]) => value !== undefined,
  );
  return { ...Object.fromEntries(kept), ...tokenFields(tokens, now) };
}

function tokenFields(tokens: TokenSet, now: Date): StoredCredentials {
  const claims = decodeUnverifiedClaims(tokens.accessToken);
  const tellsItsEnd = typeof claims?.exp === 'number';
  const seconds = tokens.expiresInSeconds;
  return {
    token: tokens.accessToken,
    ...(tokens.refreshToken === undefined ? {} : { refreshToken: tokens.refreshToken }),
    ...(tokens.scope === undefined ? {} : { scope: tokens.scope }),
    ...(tellsItsEnd || seconds === undefined
      ? {}
      : { issuedAt: now, expiresAt: new Date(now.getTime() + seconds * 1000) }),
  };
}
