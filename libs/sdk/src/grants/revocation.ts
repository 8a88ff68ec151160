import { grantErrorOf } from './grant-error.js';
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
      [oauth.customFetch]: async (url: string, init: RequestInit) => {
        const answer = await provider.http.fetch(url, init);
        if (!answer.ok) return options[oauth.customFetch](url, { ...init });
        await answer.body?.cancel();
        return new Response(null, { status: 200 });
      },
      additionalParameters: { token_type_hint: kind },
    });
    await oauth.processRevocationResponse(response);
  } catch (error) {
    throw grantErrorOf(error, 'revocation', provider, [token, provider.clientSecret ?? '']);
  }
}
