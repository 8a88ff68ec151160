import { GrantError, grantErrorOf } from './grant-error.js';
import type { IdentityProvider } from './identity-provider.js';
import { oauthRequest, repeatedParameters } from './identity-provider.js';
import type { TokenSet } from './token-set.js';
import { tokenSetOf } from './token-set.js';

/**
 * Exchanges a refresh token for new tokens, with the scopes that were granted. When the connection breaks the request is
 * repeated once: the provider may have rotated already, and many accept the old token again for a few seconds.
 * @throws {GrantError} `invalid_grant` when the refresh token is dead; anything else says nothing about it.
 * @see RFC 6749 §6
 */
export async function refreshGrant(provider: IdentityProvider, refreshToken: string): Promise<TokenSet> {
  try {
    return await attempt(provider, refreshToken);
  } catch (error) {
    if (error instanceof GrantError && error.code === 'network_error') return attempt(provider, refreshToken);
    throw error;
  }
}

async function attempt(provider: IdentityProvider, refreshToken: string): Promise<TokenSet> {
  try {
    const { oauth, server, client, clientAuth, options } = await oauthRequest(provider);
    const response = await oauth.refreshTokenGrantRequest(server, client, clientAuth, refreshToken, {
      ...options,
      additionalParameters: repeatedParameters(provider),
    });
    return tokenSetOf(await oauth.processRefreshTokenResponse(server, client, response), provider);
  } catch (error) {
    throw namedRightly(grantErrorOf(error, 'refresh', provider, [refreshToken, provider.clientSecret ?? '']));
  }
}

/** Dex says `invalid_request` of a refresh token that is spent or unknown. @see RFC 6749 §5.2 */
function namedRightly(refusal: unknown): unknown {
  const isOfToken =
    refusal instanceof GrantError &&
    refusal.code === 'invalid_request' &&
    /refresh token (?:is|has been|was) (?:invalid|expired|revoked|already|not valid)/i.test(refusal.message);
  if (!isOfToken) return refusal;
  return new GrantError('invalid_grant', refusal.message, refusal.httpStatus, undefined, undefined, { cause: refusal });
}
