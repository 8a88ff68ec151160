import type { AuthConfig } from '../auth-config.js';
import { DocumentFetchError } from '../keys/fetch-document.js';
import type { TrustedIssuer } from '../keys/trusted-issuers.js';
import type { UserinfoConfig } from '../opaque-token-config.js';
import { type ClaimsSource, ProviderEndpoint, readAnswer } from './provider-endpoint.js';

/** What the endpoint answers when it is the token that is not good. @see RFC 6750 §3.1 */
const refusals: ReadonlySet<number> = new Set([400, 401, 403]);

/** Asks an issuer's UserInfo endpoint whose a token is. @see OIDC Core §5.3 */
export class UserinfoEndpoint implements ClaimsSource {
  private readonly endpoint: ProviderEndpoint;

  constructor(
    private readonly userinfo: UserinfoConfig,
    issuer: TrustedIssuer,
    config: AuthConfig,
  ) {
    this.endpoint = new ProviderEndpoint('userinfo_endpoint', userinfo.endpoint, issuer, config);
  }

  async claimsOf(token: string): Promise<Record<string, unknown> | undefined> {
    const { oauth, url, server, sending } = await this.endpoint.prepare();
    const client = { client_id: this.userinfo.clientId };
    const response = await oauth.userInfoRequest(server, client, token, sending);
    if (refusals.has(response.status)) return undefined;
    if (response.status !== 200) throw new DocumentFetchError(`${url} answered with status ${response.status}`);
    return readAnswer(url, response, () =>
      oauth.processUserInfoResponse(server, client, oauth.skipSubjectCheck, response),
    );
  }
}
