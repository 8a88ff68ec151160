import { grantErrorOf } from './grant-error.js';
import type { IdentityProvider } from './identity-provider.js';
import { oauthRequest } from './identity-provider.js';
import type { TokenSet } from './token-set.js';
import { tokenSetOf } from './token-set.js';

/**
 * Gets a token for the client itself, without a person.
 * @throws {GrantError} when the provider refuses or cannot be reached.
 * @see RFC 6749 §4.4
 */
export async function clientCredentialsGrant(provider: IdentityProvider, scopes: readonly string[]): Promise<TokenSet> {
  try {
    const { oauth, server, client, clientAuth, options } = await oauthRequest(provider);
    const form: Record<string, string> = {
      ...provider.loginParameters,
      ...(scopes.length > 0 ? { scope: scopes.join(' ') } : {}),
    };
    const response = await oauth.clientCredentialsGrantRequest(server, client, clientAuth, form, options);
    return tokenSetOf(await oauth.processClientCredentialsResponse(server, client, response), provider);
  } catch (error) {
    throw grantErrorOf(error, 'client_credentials', provider, [provider.clientSecret ?? '']);
  }
}
