import { describe, expect, it } from '@jest/globals';
import { lookalikeToken } from '../test/support/lookalike-token.js';
import { grantedScopes, requireGrantedScopes, scopesToRequest } from './login-scopes.js';

const defaults = ['openid', 'offline_access', 'platform:read', 'platform:write'];

describe('scopesToRequest', () => {
  it('asks for the default scopes, with the prefix where it belongs', () => {
    expect(scopesToRequest(defaults, undefined, 'api://nmp')).toEqual([
      'openid',
      'offline_access',
      'api://nmp/platform:read',
      'api://nmp/platform:write',
    ]);
  });

  it('asks for named scopes instead of the platform ones, and still for the plain ones', () => {
    expect(scopesToRequest(defaults, ['platform:read', 'openid'], undefined)).toEqual([
      'openid',
      'offline_access',
      'platform:read',
    ]);
  });

  it('leaves qualified scopes and .default alone', () => {
    const named = ['api://nmp/platform:read', 'api://nmp/.default'];
    expect(scopesToRequest(['openid'], named, 'api://nmp/')).toEqual(['openid', ...named]);
  });
});

describe('grantedScopes', () => {
  const tokens = { accessToken: lookalikeToken({ scp: ['a:b'] }) };

  it('believes the token answer first, then the token', () => {
    expect(grantedScopes({ ...tokens, scope: 'c:d e' }, ['x'])).toEqual(['c:d', 'e']);
    expect(grantedScopes(tokens, ['x'])).toEqual(['a:b']);
  });

  it('takes silence about a token that cannot be read for consent', () => {
    expect(grantedScopes({ accessToken: 'opaque' }, ['x:y'])).toEqual(['x:y']);
  });
});

describe('requireGrantedScopes', () => {
  const where = { prefix: 'api://nmp/', issuer: 'https://idp.example.com', clientId: 'nmp-cli' };

  it('names what is missing and what to do at the identity provider', () => {
    const check = (): void => requireGrantedScopes(['openid', 'api://nmp/platform:write'], ['platform:read'], where);
    expect(check).toThrow(
      /^Token is missing requested scopes: platform:write\. .*idp\.example\.com.*api:\/\/nmp\/platform:write/,
    );
  });

  it('is content when every platform scope is there, with or without prefix', () => {
    expect(() => requireGrantedScopes(['openid', 'email', 'api://nmp/a:b'], ['a:b'], where)).not.toThrow();
    expect(() => requireGrantedScopes(['api://nmp/.default'], [], where)).not.toThrow();
  });
});
