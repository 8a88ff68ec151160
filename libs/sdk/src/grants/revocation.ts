import { GrantError, grantErrorOf } from './grant-error.js';
import type { IdentityProvider } from './identity-provider.js';
import { oauthRequest } from './identity-provider.js';

/**
 * Tells the provider that a token is no longer wanted.
 * @throws {GrantError} when the provider refuses or cannot be reached.
 * @see RFC 7009 §2
 */
export async function revokeToken(
  provider: IdentityProvider,
  token: string,
  kind: 'access_token' | 'refresh_token',
): Promise<void> {
  try {
    const { oauth, server, client, clientAuth, options } = await oauthRequest(provider);
    const response = await oauth.revocationRequest(server, client, clientAuth, token, {
      ...options,
      additionalParameters: { token_type_hint: kind },
    });
    await oauth.processRevocationResponse(response);
  } catch (error) {
    const problem = grantErrorOf(error, 'revocation', provider, [token, provider.clientSecret ?? '']);
    // RFC 7009 §2.2: the status alone says that it is done; the body is empty, or anything.
    if (problem instanceof GrantError && problem.code === 'malformed_response' && problem.httpStatus === 200) return;
    throw problem;
  }
}
