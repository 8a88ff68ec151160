import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { AuthConfigError } from '@nmp/tokens';
import { authConfigOf } from './auth-config.js';
import type { AuthModuleOptions } from './auth-options.js';
import type { OidcOptions } from './oidc-options.js';

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const pem = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
const asking = { introspectOpaqueTokens: true, introspectionClientSecret: 's' };
const userinfo = { resolveOpaqueTokensViaUserinfo: true, verifyAudience: false };

function problemsOf(oidc: Partial<OidcOptions>, options: Partial<AuthModuleOptions> = {}): readonly string[] {
  try {
    authConfigOf({ ...options, oidc: { issuer: 'https://idp.example.com', clientId: 'nmp-cli', ...oidc } });
    return [];
  } catch (error) {
    if (error instanceof AuthConfigError) return error.problems;
    throw error;
  }
}

describe('options of opaque tokens', () => {
  it.each<[string, Partial<OidcOptions>, RegExp]>([
    ['introspection without a proof', { introspectOpaqueTokens: true }, /needs oidc.introspectionClientSecret or/],
    ['two proofs', { ...asking, introspectionPrivateKey: pem }, /exclude each other/],
    [
      'a method without its key',
      { ...asking, introspectionAuthMethod: 'private_key_jwt' },
      /private_key_jwt needs oidc.introspectionPrivateKey/,
    ],
    [
      'a method without its secret',
      { introspectOpaqueTokens: true, introspectionPrivateKey: pem, introspectionAuthMethod: 'client_secret_post' },
      /client_secret_post needs oidc.introspectionClientSecret/,
    ],
    ['both ways', { ...asking, ...userinfo }, /exclude each other: choose one/],
    ['UserInfo where audiences count', { resolveOpaqueTokensViaUserinfo: true }, /needs oidc.verifyAudience: false/],
    ['UserInfo where clients count', { ...userinfo, authorizedParties: ['x'] }, /names no client/],
    [
      'an issuer of many tenants',
      { ...asking, issuer: 'https://idp.example.com/{tenantid}', tenants: ['a'] },
      /needs an issuer without \{tenantid\}/,
    ],
    ['plain http', { ...asking, introspectionEndpoint: 'http://idp.example.com/introspect' }, /must be an https URL/],
    ['a secret that is never used', { introspectionClientSecret: 's' }, /needs oidc.introspectOpaqueTokens/],
    ['a key that is none', { introspectOpaqueTokens: true, introspectionPrivateKey: 'x' }, /must be a private key/],
    [
      'an unknown method',
      { ...asking, introspectionAuthMethod: 'none' as 'private_key_jwt' },
      /must be one of client_/,
    ],
    ['a time of the past', { ...asking, opaqueTokenCacheSeconds: -1 }, /between 0 and 3600/],
    ['no place for a question', { ...asking, opaqueTokenConcurrency: 0 }, /between 1 and 1000/],
  ])('do not admit %s', (_what, oidc, problem) => {
    expect(problemsOf(oidc)).toContainEqual(expect.stringMatching(problem));
  });

  it('do not admit an age, or a key, that UserInfo does not tell', () => {
    expect(problemsOf(userinfo, { maxTokenAgeSeconds: 60 })).toEqual([expect.stringMatching(/no time of issue/)]);
    const dpop = { dpop: { required: true }, publicUrl: 'https://api.example.com' };
    expect(problemsOf(userinfo, dpop)).toEqual([expect.stringMatching(/names no key/)]);
  });

  it.each<[string, Partial<OidcOptions>]>([
    ['a secret', asking],
    ['a secret in the form', { ...asking, introspectionAuthMethod: 'client_secret_post' }],
    ['a private key', { introspectOpaqueTokens: true, introspectionPrivateKey: pem }],
    ['UserInfo', userinfo],
    ['a switch that is off', { ...asking, introspectOpaqueTokens: false }],
  ])('admit %s', (_what, oidc) => {
    expect(problemsOf(oidc)).toEqual([]);
  });

  it('show nothing of the key', () => {
    const broken = pem.replace('PRIVATE', 'PUBLIC');
    expect(problemsOf({ introspectOpaqueTokens: true, introspectionPrivateKey: broken }).join('\n')).not.toContain(
      'MI',
    );
  });
});
