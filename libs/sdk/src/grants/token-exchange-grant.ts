import { grantErrorOf } from './grant-error.js';
import type { IdentityProvider } from './identity-provider.js';
import { oauthRequest } from './identity-provider.js';
import type { TokenSet } from './token-set.js';
import { tokenSetOf } from './token-set.js';

/** What a workload exchanges, and for what. */
export interface TokenExchangeRequest {
  /** The token that the workload has from where it runs. */
  readonly subjectToken: string;
  readonly audience?: string | undefined;
  /** Separated by blanks; what the platform gives when it is left out. */
  readonly scope?: string | undefined;
}

const GRANT_TYPE = 'urn:ietf:params:oauth:grant-type:token-exchange';
const SUBJECT_TYPE = 'urn:ietf:params:oauth:token-type:jwt';

/**
 * Exchanges a workload's own token for one of the platform.
 * @throws {GrantError} when the token endpoint refuses or cannot be reached.
 * @see RFC 8693 §2
 */
export async function tokenExchangeGrant(
  provider: IdentityProvider,
  { subjectToken, audience, scope }: TokenExchangeRequest,
): Promise<TokenSet> {
  try {
    const { oauth, server, client, clientAuth, options } = await oauthRequest(provider);
    const form: Record<string, string> = {
      subject_token: subjectToken,
      subject_token_type: SUBJECT_TYPE,
      ...(audience === undefined ? {} : { audience }),
      ...(scope === undefined ? {} : { scope }),
    };
    const response = await oauth.genericTokenEndpointRequest(server, client, clientAuth, GRANT_TYPE, form, options);
    return tokenSetOf(await oauth.processGenericTokenEndpointResponse(server, client, response), provider);
  } catch (error) {
    throw grantErrorOf(error, 'token_exchange', provider, [subjectToken]);
  }
}
