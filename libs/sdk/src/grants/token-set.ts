import type { TokenEndpointResponse } from 'oauth4webapi';
import { malformed } from './grant-error.js';
import type { IdentityProvider } from './identity-provider.js';

/** What a token endpoint gave. */
export interface TokenSet {
  readonly accessToken: string;
  readonly refreshToken?: string;
  /** Granted scopes as the answer lists them; absent when it does not. @see RFC 6749 §5.1 */
  readonly scope?: string;
  readonly expiresInSeconds?: number;
}

/** @throws {GrantError} `unsupported_token_type` for a token that must be used in another way than as a bearer token. */
export function tokenSetOf(answer: TokenEndpointResponse, provider: IdentityProvider): TokenSet {
  if (answer.token_type !== 'bearer') {
    const type = answer.token_type === 'dpop' ? 'DPoP' : answer.token_type;
    throw malformed(provider, 'unsupported_token_type', `its token is of type ${type}, not Bearer`);
  }
  if (!/^[\x21-\x7e]+$/.test(answer.access_token)) {
    throw malformed(provider, 'malformed_response', 'its token holds blanks or characters that no token has');
  }
  return {
    accessToken: answer.access_token,
    ...(answer.refresh_token === undefined ? {} : { refreshToken: answer.refresh_token }),
    ...(answer.scope === undefined ? {} : { scope: answer.scope }),
    ...(answer.expires_in === undefined ? {} : { expiresInSeconds: answer.expires_in }),
  };
}
