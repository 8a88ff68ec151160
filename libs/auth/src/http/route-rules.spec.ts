import { describe, expect, it } from '@jest/globals';
import 'reflect-metadata';
import { type DeclaredRules, declareRules, declaredRules, rulesOf } from './route-rules.js';

const isPublic: DeclaredRules = { access: 'public' };
const isOptional: DeclaredRules = { access: 'optional' };
const reads: DeclaredRules = { scopes: [{ mode: 'all', scopes: ['a:read'] }] };
const writes: DeclaredRules = { scopes: [{ mode: 'all', scopes: ['a:write'] }] };

function declared(...rules: DeclaredRules[]): object {
  const target = (): void => {};
  for (const rule of rules) declareRules(target, rule);
  return target;
}

describe('declaredRules', () => {
  class Base {
    list(): void {}
  }
  class Child extends Base {}
  class OpenChild extends Base {}
  class Grandchild extends OpenChild {}
  declareRules(Base, { audiences: [['billing']], ...reads });
  declareRules(Child, writes);
  declareRules(OpenChild, isPublic);
  declareRules(Grandchild, writes);
  const list = Base.prototype.list;

  it('of a class are those of its base, each kind replaced by its own', () => {
    expect(declaredRules(Child)).toMatchObject({ audiences: [['billing']], ...writes });
    expect(rulesOf(list, Child)).toMatchObject({ access: 'required', audiences: [['billing']], ...writes });
  });

  it('open and close with the class that is nearest', () => {
    expect(rulesOf(list, OpenChild)).toMatchObject({ access: 'public', audiences: [], scopes: [] });
    expect(rulesOf(list, Grandchild)).toMatchObject({ access: 'required', audiences: [], ...writes });
  });
});

describe('the rules of a method', () => {
  class Notes {
    list(): void {}
  }
  declareRules(Notes, isPublic);
  declareRules(Notes.prototype.list, reads);

  it('hold for what a constructor has bound', () => {
    const { list } = Notes.prototype;
    expect(rulesOf(list.bind({}).bind({}), Notes)).toEqual(rulesOf(list, Notes));
    expect(rulesOf(list, Notes)).toMatchObject({ access: 'required', ...reads });
  });

  it('are not guessed for what has been put in its place', () => {
    expect(() => rulesOf(() => {}, Notes)).toThrow(/was replaced/);
  });
});

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
