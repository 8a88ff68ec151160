import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  addScopePrefix,
  meetsScopes,
  missingScopes,
  normalizeScopePrefix,
  PLATFORM_AREAS,
  type ScopePolicy,
  scopesOfClaims,
  stripScopePrefix,
} from './scopes.js';

describe('scopes of a token', () => {
  it.each<[Record<string, unknown>, string[]]>([
    [{ scope: 'a b' }, ['a', 'b']],
    [{ scope: ' a\t b \n' }, ['a', 'b']],
    [{ scope: ['a', 'b', 1] }, ['a', 'b']],
    [{ scp: 'a b' }, ['a', 'b']],
    [{ scp: ['a'] }, ['a']],
    [{ scope: 'a', scp: ['b'] }, ['a']],
    [{ scope: '', scp: ['b'] }, ['b']],
    [{ scope: 7 }, []],
    [{}, []],
  ])('of %j are %j', (claims, scopes) => expect(scopesOfClaims(claims)).toEqual(scopes));
});

describe('the scope prefix', () => {
  it.each<[string, string]>([
    ['api://nmp', 'api://nmp/'],
    ['api://nmp/', 'api://nmp/'],
    ['api://nmp//', 'api://nmp/'],
    ['nmp:', 'nmp:'],
  ])('%s is written %s', (prefix, normalized) => expect(normalizeScopePrefix(prefix)).toBe(normalized));

  it.each<[string, string]>([
    ['api://nmp/platform:read', 'platform:read'],
    ['api://nmp/api://nmp/platform:read', 'api://nmp/platform:read'],
    ['API://nmp/platform:read', 'API://nmp/platform:read'],
    ['platform:read', 'platform:read'],
    ['openid', 'openid'],
  ])('taken off %s leaves %s', (scope, stripped) => expect(stripScopePrefix(scope, 'api://nmp')).toBe(stripped));

  it.each<[string, string]>([
    ['platform:read', 'api://nmp/platform:read'],
    ['api://nmp/platform:read', 'api://nmp/platform:read'],
    ['api://other/platform:read', 'api://other/platform:read'],
    ['api://nmp/.default', 'api://nmp/.default'],
    ['.default', '.default'],
    ['openid', 'openid'],
  ])('put before %s gives %s', (scope, prefixed) => expect(addScopePrefix(scope, 'api://nmp')).toBe(prefixed));

  it('comes off as it went on, once', () => {
    const scope = fc.stringMatching(/^[a-z]{1,8}:[a-z]{1,8}$/);
    fc.assert(
      fc.property(scope, fc.constantFrom('api://nmp', 'api://nmp/', 'nmp/'), (plain, prefix) => {
        const prefixed = addScopePrefix(plain, prefix);
        return stripScopePrefix(prefixed, prefix) === plain && addScopePrefix(prefixed, prefix) === prefixed;
      }),
    );
  });

  it('does not matter for what is missing', () => {
    const requested = ['openid', 'platform:read', 'api://nmp/platform:write'];
    expect(missingScopes(requested, ['api://nmp/platform:read'], 'api://nmp')).toEqual(['platform:write']);
  });
});

describe('meetsScopes', () => {
  const areas = new Set([...PLATFORM_AREAS, 'orders']);
  const always: ScopePolicy = { enforcement: 'always', areas };
  const whenPresent: ScopePolicy = { enforcement: 'when-present', areas };
  const all = (...scopes: string[]) => ({ mode: 'all' as const, scopes });
  const any = (...scopes: string[]) => ({ mode: 'any' as const, scopes });

  it.each<[string[], ReturnType<typeof all> | ReturnType<typeof any>, boolean, boolean]>([
    [['orders:read'], all('orders:read'), true, true],
    [['platform:read'], all('orders:read'), true, true],
    [['platform:write'], all('orders:read'), false, false],
    [['orders:write'], all('orders:read'), false, false],
    [['orders:read'], all('orders:read', 'orders:write'), false, false],
    [['orders:read'], any('orders:read', 'orders:write'), true, true],
    [['platform:write'], any('orders:refund'), false, false],
    [['orders:refund'], any('orders:refund'), true, true],
    [['models:read'], all('orders:read'), false, false],
    [['ORDERS:read'], all('orders:read'), false, true],
    [['read'], all('read:all'), false, true],
    [[], all('orders:read'), false, true],
    [['openid', 'email'], all('orders:read'), false, true],
    [['urn:other:thing'], all('orders:read'), false, true],
    [['https://graph.example.com/User.Read'], all('orders:read'), false, true],
  ])('%j against %j: always %p, when present %p', (granted, requirement, strict, lenient) => {
    expect(meetsScopes(granted, requirement, always)).toBe(strict);
    expect(meetsScopes(granted, requirement, whenPresent)).toBe(lenient);
  });

  it.each<[string[], string, boolean]>([
    [['orders:write'], 'orders:read', true],
    [['orders:read'], 'orders:write', false],
    [['platform:write'], 'orders:read', true],
    [['models:write'], 'orders:read', false],
    [['platform:admin'], 'orders:purge', true],
    [['orders:admin'], 'orders:purge', true],
    [['orders:admin'], 'models:read', false],
    [['orders:manage'], 'orders:read', true],
    [['openid'], 'orders:read', false],
    [['*:write'], 'orders:read', false],
  ])('with a hierarchy, %j satisfies %s: %p', (granted, required, satisfied) => {
    const hierarchy = {
      '*:write': ['*:read'],
      'platform:admin': ['*:*'],
      '*:admin': ['*:*'],
      'orders:manage': ['orders:write'],
      'orders:write': ['orders:manage'],
    };
    expect(meetsScopes(granted, all(required), { ...always, hierarchy })).toBe(satisfied);
  });
});
