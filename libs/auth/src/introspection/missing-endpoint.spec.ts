import { describe, expect, it } from '@jest/globals';
import { DocumentFetchError } from '../keys/fetch-document.js';
import type { IssuerMetadata } from '../keys/issuer-metadata.js';
import type { TrustedIssuer } from '../keys/trusted-issuers.js';
import type { OpaqueTokenConfig } from '../opaque-token-config.js';
import { missingEndpointWarning } from './missing-endpoint.js';

const issuerWith = (address: string | undefined, held: object | undefined): { main: TrustedIssuer } => {
  const metadata = {
    held,
    address: (name: string) =>
      address === undefined ? Promise.reject(new DocumentFetchError(`no https ${name}`)) : Promise.resolve(address),
  } as unknown as IssuerMetadata; // the part that is used
  return { main: { metadata } as TrustedIssuer };
};
const lookup = (way: OpaqueTokenConfig['way'], endpoint?: string): { opaqueTokens: OpaqueTokenConfig } => ({
  opaqueTokens: { way, endpoint } as OpaqueTokenConfig,
});

describe('missingEndpointWarning', () => {
  it.each([
    ['introspection', /^no https introspection_endpoint: .* 503 until oidc\.introspectionEndpoint says/],
    ['userinfo', /^no https userinfo_endpoint: .* 503 until oidc\.userinfoEndpoint says/],
  ] as const)('says what every opaque token will get without an endpoint for %s', async (way, warning) => {
    expect(await missingEndpointWarning(lookup(way), issuerWith(undefined, {}))).toMatch(warning);
  });

  it('says nothing where an endpoint is known, none is asked, or the provider is out of reach', async () => {
    const none = issuerWith(undefined, {});
    const said = [
      await missingEndpointWarning(lookup('introspection', 'https://idp.example.com/i'), none),
      await missingEndpointWarning(lookup('introspection'), issuerWith('https://idp.example.com/i', {})),
      await missingEndpointWarning(lookup('introspection'), issuerWith(undefined, undefined)),
      await missingEndpointWarning({ opaqueTokens: undefined }, none),
      await missingEndpointWarning(lookup('introspection'), { main: undefined }),
    ];
    expect(said).toEqual(Array(5).fill(undefined));
  });
});
