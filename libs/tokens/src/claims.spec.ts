import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isClaimPath, readClaim } from './claims.js';

describe('readClaim', () => {
  const claims = {
    groups: ['a'],
    'realm_access.roles': ['literal'],
    realm_access: { roles: ['nested'] },
    resource_access: { 'my.api': { roles: ['quoted'] } },
    'https://example.com/roles': ['namespaced'],
    empty: null,
    list: [{ name: 'x' }],
  };

  it.each<[string, unknown]>([
    ['groups', ['a']],
    ['realm_access.roles', ['literal']],
    ['realm_access."roles"', ['nested']],
    ['resource_access."my.api".roles', ['quoted']],
    ['https://example.com/roles', ['namespaced']],
    ['empty', undefined],
    ['missing', undefined],
    ['groups.0', undefined],
    ['list.0.name', undefined],
    ['missing.roles', undefined],
    ['__proto__.constructor', undefined],
    ['constructor', undefined],
    ['realm_access.constructor.name', undefined],
  ])('finds %s', (path, value) => expect(readClaim(claims, path)).toEqual(value));

  it('takes the first that is present, and functions', () => {
    expect(readClaim(claims, ['missing', 'empty', 'groups'])).toEqual(['a']);
    expect(readClaim(claims, ({ groups }) => groups)).toEqual(['a']);
    expect(readClaim(claims, () => null)).toBeUndefined();
  });

  it('never throws and never reads what is not an own member', () => {
    fc.assert(
      fc.property(fc.string(), (path) => {
        const value = readClaim({ a: { b: 1 } }, path);
        return value === undefined || value === 1 || typeof value === 'object';
      }),
    );
  });

  it('knows a readable path', () => {
    expect(['a', 'a.b', '"a.b".c', 'https://x.example/y'].every(isClaimPath)).toBe(true);
    expect(['', '"a', 'a."b', '"".a', 'a.."b"'].some(isClaimPath)).toBe(false);
  });
});
