import { isEndpointUrl } from '@nmp/tokens';
import { DocumentFetchError } from '../keys/fetch-document.js';
import type { IssuerMetadata } from '../keys/issuer-metadata.js';
import { knownEndpoints, type SignIn, type SignInEndpoints } from './sign-in-schemes.js';

/** Where to sign in, as the options say, else the provider's document; nothing of it while that cannot be read. */
export async function signInEndpoints(
  { configured }: Pick<SignIn, 'configured'>,
  metadata: Pick<IssuerMetadata, 'read'> | undefined,
  settings: { readonly allowInsecureHttp: boolean },
): Promise<Partial<SignInEndpoints>> {
  const { authorizationUrl, tokenUrl } = configured;
  if (authorizationUrl !== undefined && tokenUrl !== undefined) return configured;
  const document = await readDocument(metadata);
  const endpoint = (name: string): string | undefined => {
    const { [name]: url } = document;
    return isEndpointUrl(url, settings) ? url : undefined;
  };
  return knownEndpoints(authorizationUrl ?? endpoint('authorization_endpoint'), tokenUrl ?? endpoint('token_endpoint'));
}

async function readDocument(metadata: Pick<IssuerMetadata, 'read'> | undefined): Promise<Record<string, unknown>> {
  try {
    return (await metadata?.read()) ?? {};
  } catch (error) {
    if (error instanceof DocumentFetchError) return {};
    throw error;
  }
}
