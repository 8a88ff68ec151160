import type { ClientAuth } from 'oauth4webapi';
import type { AuthConfig } from '../auth-config.js';
import { DocumentFetchError } from '../keys/fetch-document.js';
import type { TrustedIssuer } from '../keys/trusted-issuers.js';
import type { IntrospectionConfig } from '../opaque-token-config.js';
import { clientAuthOf } from './client-auth.js';
import { type ClaimsSource, ProviderEndpoint, readAnswer, UnreadableAnswerError } from './provider-endpoint.js';

/** Asks an issuer's introspection endpoint about tokens. @see RFC 7662 */
export class IntrospectionEndpoint implements ClaimsSource {
  private readonly endpoint: ProviderEndpoint;
  private clientAuth: Promise<ClientAuth> | undefined;

  constructor(
    private readonly introspection: IntrospectionConfig,
    issuer: TrustedIssuer,
    config: AuthConfig,
  ) {
    this.endpoint = new ProviderEndpoint('introspection_endpoint', introspection.endpoint, issuer, config);
  }

  async claimsOf(token: string): Promise<Record<string, unknown> | undefined> {
    const { oauth, url, server, sending } = await this.endpoint.prepare();
    const { clientId, proof } = this.introspection;
    const client = { client_id: clientId };
    this.clientAuth ??= clientAuthOf(oauth, proof);
    const response = await oauth.introspectionRequest(server, client, await this.clientAuth, token, {
      additionalParameters: { token_type_hint: 'access_token' },
      ...sending,
    });
    if (response.status !== 200) throw refusalOf(url, response.status, clientId);
    try {
      const answer = await readAnswer(url, response, () =>
        oauth.processIntrospectionResponse(server, client, response),
      );
      return answer.active ? answer : undefined;
    } catch (error) {
      // RFC 7662 §2.2: only the plain word that it is active says so, and nothing else needs to be understood.
      if (error instanceof UnreadableAnswerError && isObject(error.given)) return undefined;
      throw error;
    }
  }
}

/** RFC 7662 §2.3: it is our client that is not known, or may not ask, which says nothing about the token. */
function refusalOf(url: string, status: number, clientId: string): DocumentFetchError {
  const hint =
    status === 401 || status === 403
      ? `: it does not let the client ${clientId} ask, so check oidc.introspectionClientId and what it proves itself with`
      : '';
  return new DocumentFetchError(`${url} answered with status ${status}${hint}`, status);
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
