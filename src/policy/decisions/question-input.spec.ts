import { describe, expect, it } from '@jest/globals';
import { PolicyQuestionError } from '../engine/policy-questions.js';
import { allowQuestionOf, permissionsQuestionOf, type QuestionInput, roleQuestionOf } from './question-input.js';

const nobody = { kind: 'anonymous', issuer: '', id: '', groups: [], scopes: [] };

describe('allowQuestionOf', () => {
  it('reads the fields of the platform', () => {
    const input = {
      principal_kind: 'client',
      principal_id: 'ci',
      principal_email: 'ci@example.com',
      principal_email_verified: false,
      principal_groups: ['team-ml', '', 7],
      principal_shares_users: false,
      on_behalf_of_principal_id: 'alice',
      on_behalf_of_principal_email: 'alice@example.com',
      on_behalf_of_principal_groups: 'a,b',
      scopes: 'openid platform:read',
      method: 'GET',
      path: '/apis/x',
    };
    expect(allowQuestionOf(input)).toEqual({
      caller: {
        kind: 'client',
        issuer: '',
        id: 'ci',
        email: 'ci@example.com',
        emailVerified: false,
        groups: ['team-ml'],
        scopes: ['openid', 'platform:read'],
        sharesUsers: false,
        onBehalfOf: { id: 'alice', email: 'alice@example.com', groups: ['a', 'b'] },
      },
      method: 'GET',
      path: '/apis/x',
    });
  });

  it.each(['x-nmp-principal-id', 'X-NMP-Principal-Id'])("reads Envoy's check request: %s", (name) => {
    const headers = {
      [name]: 'alice',
      'x-nmp-scopes': 'platform:read platform:write',
      'x-nmp-principal-groups': 'a,b',
    };
    const input = { attributes: { request: { http: { method: 'POST', path: '/apis/x?y', headers } } } };
    expect(allowQuestionOf(input)).toEqual({
      caller: { ...nobody, kind: 'user', id: 'alice', groups: ['a', 'b'], scopes: ['platform:read', 'platform:write'] },
      method: 'POST',
      path: '/apis/x?y',
    });
  });

  it.each<[string, QuestionInput]>([
    ['nothing', {}],
    ['an id that is no text', { principal_id: { toString: 'alice' } }],
    ['a kind there is not', { principal_kind: 'root', principal_id: 'alice' }],
    ['headers that are a list', { attributes: { request: { http: { headers: ['alice'] } } } }],
    ['headers of another object', { attributes: { request: { http: { headers: { constructor: 'x' } } } } }],
  ])('makes nobody of %s', (_, input) => {
    expect(allowQuestionOf(input).caller.kind).toBe('anonymous');
  });

  it.each<[string, QuestionInput]>([
    ['a flag that is a text', { principal_id: 'alice', principal_email_verified: 'false' }],
    ['a flag that is null', { principal_id: 'alice', principal_shares_users: null }],
    ['scopes that are an object', { principal_id: 'alice', scopes: { 0: 'platform:read' } }],
    ['a header that is a list', { attributes: { request: { http: { headers: { 'x-nmp-scopes': ['a:read'] } } } } }],
    [
      'somebody to act for who has only an address',
      { principal_id: 'x', on_behalf_of_principal_email: 'a@example.com' },
    ],
    ['somebody to act for who is a number', { principal_id: 'x', on_behalf_of_principal_id: 7 }],
  ])('refuses %s', (_, input) => {
    expect(() => allowQuestionOf(input)).toThrow(PolicyQuestionError);
  });

  it.each([undefined, 'user'])('makes no service of an id, where the kind is %s', (principal_kind) => {
    expect(allowQuestionOf({ principal_kind, principal_id: 'service:jobs' }).caller.kind).toBe('user');
  });
});

describe('the other questions', () => {
  const alice = { principal_id: 'alice' };

  it('have a workspace and what is asked about it', () => {
    const caller = { ...nobody, kind: 'user', id: 'alice' };
    expect(permissionsQuestionOf({ ...alice, workspace: 'ml', permissions: ['models.read'] })).toEqual({
      caller,
      workspace: 'ml',
      permissions: ['models.read'],
    });
    expect(roleQuestionOf({ ...alice, workspace: 'ml', role: 'Editor' })).toEqual({
      caller,
      workspace: 'ml',
      role: 'Editor',
    });
  });

  it.each<[string, () => unknown]>([
    ['no workspace', () => permissionsQuestionOf({ ...alice, permissions: ['models.read'] })],
    ['no permissions', () => permissionsQuestionOf({ ...alice, workspace: 'ml' })],
    ['an empty list of permissions', () => permissionsQuestionOf({ ...alice, workspace: 'ml', permissions: [] })],
    ['a permission that is no text', () => permissionsQuestionOf({ ...alice, workspace: 'ml', permissions: [1] })],
    ['no role', () => roleQuestionOf({ ...alice, workspace: 'ml' })],
  ])('are refused with %s', (_, ask) => {
    expect(ask).toThrow(PolicyQuestionError);
  });
});
