import { describe, expect, it } from '@jest/globals';
import 'reflect-metadata';
import { type DeclaredRules, declareRules, rulesOf } from './route-rules.js';

const isPublic: DeclaredRules = { access: 'public' };
const isOptional: DeclaredRules = { access: 'optional' };
const reads: DeclaredRules = { scopes: [{ mode: 'all', scopes: ['a:read'] }] };
const writes: DeclaredRules = { scopes: [{ mode: 'all', scopes: ['a:write'] }] };

function declared(...rules: DeclaredRules[]): object {
  const target = (): void => {};
  for (const rule of rules) declareRules(target, rule);
  return target;
}

describe('the rules of a route', () => {
  it('add up on one target and replace the same kind of the class', () => {
    expect(rulesOf(declared(reads, writes), declared(isOptional)).scopes).toHaveLength(2);
    expect(rulesOf(declared(writes), declared(reads)).scopes).toEqual(writes.scopes);
    expect(rulesOf(declared(), declared()).access).toBe('required');
  });

  it('let the handler win over its class, both ways', () => {
    expect(rulesOf(declared(isPublic), declared(reads))).toMatchObject({ access: 'public', scopes: [] });
    expect(rulesOf(declared(reads), declared(isPublic)).access).toBe('required');
  });

  it.each<[string, DeclaredRules[]]>([
    ['public, with scopes', [isPublic, reads]],
    ['scopes, then public', [reads, isPublic]],
    ['public and an audience', [isPublic, { audiences: [['x']] }]],
    ['public and a sign-in', [{ authContexts: [{ acr: 'x' }] }, isPublic]],
    ['public and optional', [isPublic, isOptional]],
  ])('refuse what contradicts itself on one target: %s', (_what, rules) => {
    expect(() => declared(...rules)).toThrow(TypeError);
  });
});
