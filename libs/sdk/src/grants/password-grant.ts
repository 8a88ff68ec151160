import { grantErrorOf } from './grant-error.js';
import type { IdentityProvider } from './identity-provider.js';
import { oauthRequest } from './identity-provider.js';
import type { TokenSet } from './token-set.js';
import { tokenSetOf } from './token-set.js';

/** A user's own credentials, for the password grant. */
export interface PasswordCredentials {
  readonly username: string;
  readonly password: string;
}

/**
 * Exchanges a user name and password for tokens, in exactly one attempt: a second one could lock the account.
 * @throws {GrantError} when the provider refuses or cannot be reached.
 * @see RFC 6749 §4.3; RFC 9700 §2.4 advises against this grant
 */
export async function passwordGrant(
  provider: IdentityProvider,
  { username, password }: PasswordCredentials,
  scopes: readonly string[],
): Promise<TokenSet> {
  try {
    const { oauth, server, client, clientAuth, options } = await oauthRequest(provider);
    const form: Record<string, string> = {
      ...provider.loginParameters,
      username,
      password,
      ...(scopes.length > 0 ? { scope: scopes.join(' ') } : {}),
    };
    const response = await oauth.genericTokenEndpointRequest(server, client, clientAuth, 'password', form, options);
    return tokenSetOf(await oauth.processGenericTokenEndpointResponse(server, client, response), provider);
  } catch (error) {
    throw grantErrorOf(error, 'password', provider, [password, provider.clientSecret ?? '']);
  }
}
