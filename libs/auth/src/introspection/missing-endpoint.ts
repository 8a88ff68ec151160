import type { AuthConfig } from '../auth-config.js';
import { DocumentFetchError } from '../keys/fetch-document.js';
import type { TrustedIssuers } from '../keys/trusted-issuers.js';

/**
 * What is to be said where opaque tokens are looked up and nobody names the endpoint to ask; `undefined` where all is well, or
 * the discovery document cannot be had now.
 */
export async function missingEndpointWarning(
  { opaqueTokens }: Pick<AuthConfig, 'opaqueTokens'>,
  { main }: Pick<TrustedIssuers, 'main'>,
): Promise<string | undefined> {
  if (opaqueTokens === undefined || opaqueTokens.endpoint !== undefined || main === undefined) return undefined;
  const [endpoint, option] =
    opaqueTokens.way === 'introspection'
      ? (['introspection_endpoint', 'oidc.introspectionEndpoint'] as const)
      : (['userinfo_endpoint', 'oidc.userinfoEndpoint'] as const);
  try {
    await main.metadata.address(endpoint);
    return undefined;
  } catch (error) {
    if (!(error instanceof DocumentFetchError)) throw error;
    if (main.metadata.held === undefined) return undefined;
    return `${error.message}: every token that is no JWT is answered 503 until ${option} says where to ask`;
  }
}
