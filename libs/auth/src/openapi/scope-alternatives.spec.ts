import { describe, expect, it } from '@jest/globals';
import type { ScopePolicy, ScopeRequirement } from '@nmp/tokens';
import { scopeAlternatives } from './scope-alternatives.js';

const policy: ScopePolicy = { enforcement: 'when-present', areas: new Set(['platform', 'orders']) };
const all = (...scopes: string[]): ScopeRequirement => ({ mode: 'all', scopes });
const any = (...scopes: string[]): ScopeRequirement => ({ mode: 'any', scopes });

describe('what meets the requirements of a route', () => {
  it.each<[string, ScopeRequirement[], string[], string[][]]>([
    ['nothing is asked for', [], ['platform:read'], [[]]],
    ['one scope', [all('orders:read')], [], [['orders:read']]],
    ['all of several', [all('orders:read', 'orders:pack')], [], [['orders:read', 'orders:pack']]],
    ['any of several', [any('orders:read', 'orders:pack')], [], [['orders:read'], ['orders:pack']]],
    ['two decorators', [all('orders:read'), all('orders:pack')], [], [['orders:read', 'orders:pack']]],
    ['one that is in the other', [all('orders:read'), any('orders:read', 'orders:pack')], [], [['orders:read']]],
    ['the same one twice', [all('orders:read'), all('orders:read')], [], [['orders:read']]],
    [
      'any of two and any of two',
      [any('a:read', 'b:read'), any('c:read', 'd:read')],
      [],
      [
        ['a:read', 'c:read'],
        ['a:read', 'd:read'],
        ['b:read', 'c:read'],
        ['b:read', 'd:read'],
      ],
    ],
    [
      'what the platform includes',
      [all('orders:read')],
      ['openid', 'platform:read'],
      [['orders:read'], ['platform:read']],
    ],
    ['what it does not include', [all('orders:write')], ['openid', 'platform:read'], [['orders:write']]],
  ])('%s', (_name, requirements, offered, alternatives) => {
    expect(scopeAlternatives(requirements, offered, policy)).toEqual(alternatives);
  });

  it('takes what the application says about scopes that include others', () => {
    const hierarchy = { 'orders:admin': ['orders:*'] };
    expect(scopeAlternatives([all('orders:pack')], ['orders:admin'], { ...policy, hierarchy })).toEqual([
      ['orders:pack'],
      ['orders:admin'],
    ]);
  });
});
