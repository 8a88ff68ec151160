import { describe, expect, it } from '@jest/globals';
import { anonymousPrincipal, type Principal } from '@nmp/tokens';
import { callerOf } from './caller.js';

const alice: Principal = {
  ...anonymousPrincipal,
  kind: 'user',
  id: 'user-1',
  email: 'alice@example.com',
  groups: ['team-ml'],
  issuer: 'https://idp.example.com',
};

describe('callerOf', () => {
  it('is known by id, e-mail, group and as everybody', () => {
    expect(callerOf(alice, true)).toEqual({
      kind: 'user',
      id: 'user-1',
      email: 'alice@example.com',
      issuer: 'https://idp.example.com',
      via: undefined,
      bindingPrincipals: ['alice@example.com', 'user-1', 'group:team-ml', '*'],
      ownPrincipal: 'alice@example.com',
    });
  });

  it.each<[string, Partial<Principal>, string[], string | undefined]>([
    ['an e-mail the provider verified', { emailVerified: true }, ['alice@example.com', 'user-1'], 'alice@example.com'],
    ['an e-mail the provider did not verify', { emailVerified: false }, ['user-1'], 'user-1'],
    ['an e-mail in capitals', { email: 'Alice@Example.COM' }, ['alice@example.com', 'user-1'], 'alice@example.com'],
    [
      'letters that fold only outside ASCII',
      { email: '\u212Aim@example.com' },
      ['\u212Aim@example.com', 'user-1'],
      '\u212Aim@example.com',
    ],
    ['an e-mail claim that is an id', { email: 'user-2' }, ['user-1'], 'user-1'],
    ['an e-mail claim that is a wildcard', { email: '*' }, ['user-1'], 'user-1'],
    ['an e-mail claim that is a group', { email: 'group:admins@example.com' }, ['user-1'], 'user-1'],
    ['an id that is an e-mail', { id: 'admin@example.com', email: undefined }, [], undefined],
    ['an id that is a wildcard', { id: '*', email: undefined }, [], undefined],
    ['an id that is a service', { id: 'service:files', email: undefined }, [], undefined],
    ['an id no database can hold', { id: 'a\0b', email: 'a\0@example.com' }, [], undefined],
  ])('treats %s by its kind', (_, difference, names, ownPrincipal) => {
    const caller = callerOf({ ...alice, ...difference, groups: [] }, true);
    expect(caller.bindingPrincipals).toEqual([...names, '*']);
    expect(caller.ownPrincipal).toBe(ownPrincipal);
  });

  it.each<[string, Partial<Principal>, string]>([
    ['an id', {}, 'user-1'],
    ['an id that is the own e-mail address', { id: 'Alice@example.com' }, 'Alice@example.com'],
    ["an id that is somebody else's address", { id: 'bob@example.com' }, 'id:bob@example.com'],
    [
      'an id that is an address not verified',
      { id: 'alice@example.com', emailVerified: false },
      'id:alice@example.com',
    ],
    ['an id that is the platform', { id: 'system' }, 'id:system'],
    ['an id that is a group', { id: 'group:admins' }, 'id:group:admins'],
    ['a service', { kind: 'service', id: 'service:jobs', email: undefined }, 'service:jobs'],
    ['somebody a gateway names', { onBehalfOf: { id: 'bob@example.com', groups: [] } }, 'id:bob@example.com'],
  ])('writes down %s so that it is not taken for another', (_, difference, id) => {
    expect(callerOf({ ...alice, ...difference }, true).id).toBe(id);
  });

  it('writes down an actor likewise', () => {
    expect(callerOf({ ...alice, actor: { id: 'bob@example.com', groups: [] } }, true).via).toBe('id:bob@example.com');
  });

  it('knows users of an issuer that does not share them as everybody only', () => {
    expect(callerOf(alice, false)).toMatchObject({ id: 'user-1', bindingPrincipals: ['*'], ownPrincipal: undefined });
  });

  it('decides a service that acts for somebody as that somebody, without its own groups', () => {
    const service: Principal = {
      ...alice,
      kind: 'service',
      id: 'service:files',
      onBehalfOf: { id: 'user-2', email: 'bob@example.com', groups: ['ops'] },
    };
    expect(callerOf(service, true)).toEqual({
      kind: 'user',
      id: 'user-2',
      email: 'bob@example.com',
      issuer: undefined,
      via: 'service:files',
      bindingPrincipals: ['bob@example.com', 'user-2', 'group:ops', '*'],
      ownPrincipal: 'bob@example.com',
    });
  });

  it('knows a service by its name', () => {
    const service: Principal = { ...anonymousPrincipal, kind: 'service', id: 'service:files' };
    expect(callerOf(service, true)).toMatchObject({ kind: 'service', bindingPrincipals: ['service:files', '*'] });
  });

  it('gives nobody in particular a name', () => {
    expect(callerOf(anonymousPrincipal, true)).toMatchObject({
      kind: 'anonymous',
      id: undefined,
      ownPrincipal: undefined,
    });
  });
});
