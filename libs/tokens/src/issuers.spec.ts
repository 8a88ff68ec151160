import { describe, expect, it } from '@jest/globals';
import { discoveryUrls, isEndpointUrl, isSecureUrl, issuerNearMiss } from './issuers.js';
import { providerOf } from './providers.js';

describe('issuers', () => {
  it('are found in the forms of both specifications', () => {
    expect(discoveryUrls('https://idp.example.com/')).toEqual([
      'https://idp.example.com/.well-known/openid-configuration',
      'https://idp.example.com/.well-known/oauth-authorization-server',
    ]);
    expect(discoveryUrls('https://idp.example.com/realms/a')).toEqual([
      'https://idp.example.com/realms/a/.well-known/openid-configuration',
      'https://idp.example.com/.well-known/openid-configuration/realms/a',
      'https://idp.example.com/.well-known/oauth-authorization-server/realms/a',
    ]);
  });

  it.each<[string, boolean]>([
    ['https://idp.example.com', true],
    ['http://localhost:8081', true],
    ['http://127.0.0.5', true],
    ['http://[::1]:1', true],
    ['http://sub.localhost', true],
    ['http://idp.example.com', false],
    ['http://localhost.example.com', false],
    ['http://127.0.0.1.example.com', false],
    ['ftp://localhost', false],
    ['not a url', false],
  ])('%s is secure: %p', (url, secure) => expect(isSecureUrl(url)).toBe(secure));

  it.each<[unknown, boolean, boolean]>([
    ['https://idp.example.com/token', true, true],
    ['http://localhost/token', true, true],
    ['http://idp.example.com/token', false, true],
    ['https://*/', false, false],
    ['https://*.example.com/', false, false],
    ['ws://idp.example.com/', false, false],
    ['javascript:alert(1)//', false, false],
    [undefined, false, false],
  ])('name endpoints: %p is one: %p, and where http is allowed: %p', (url, isOne, isOneByHttp) => {
    expect([false, true].map((allowInsecureHttp) => isEndpointUrl(url, { allowInsecureHttp }))).toEqual([
      isOne,
      isOneByHttp,
    ]);
  });

  it('tell a near miss', () => {
    expect(issuerNearMiss('https://a.example/', 'https://a.example')).toBe('trailing slash');
    expect(issuerNearMiss('https://A.example', 'https://a.example')).toBe('letter case');
    expect(issuerNearMiss('https://b.example', 'https://a.example')).toBeUndefined();
    expect(issuerNearMiss('https://a.example', 'https://a.example')).toBeUndefined();
  });

  it.each<[string, string, string]>([
    ['https://login.microsoftonline.com/t/v2.0', 'azure-ad', 'oid'],
    ['https://sts.windows.net/t/', 'azure-ad', 'oid'],
    ['https://acme.okta.com/oauth2/default', 'okta', 'sub'],
    ['https://sso.example.com/realms/acme', 'keycloak', 'sub'],
    ['https://cognito-idp.eu-west-1.amazonaws.com/pool', 'cognito', 'sub'],
    ['https://login.microsoftonline.com.example.org/t', 'generic', 'sub'],
    ['nonsense', 'generic', 'sub'],
  ])('%s is of %s', (issuer, name, subject) => {
    expect(providerOf(issuer)).toMatchObject({ name, claims: { subject } });
  });
});
