import { describe, expect, it } from '@jest/globals';
import { type ClaimMapping, principalOfClaims } from './claim-mapping.js';
import { isAuthError } from './errors.js';

const mapping: ClaimMapping = { email: 'email', subject: 'sub', subjectFallsBack: true, groups: 'groups' };
const good = { iss: 'https://idp.example.com', sub: 'user-1', iat: 1, exp: 1_900_000_000 };

describe('principalOfClaims', () => {
  it('maps a token to a frozen principal', () => {
    const claims = { ...good, email: 'a@example.com', email_verified: true, groups: ['g'], scope: 'x y', azp: 'cli' };
    const principal = principalOfClaims(claims, mapping);
    expect(principal).toEqual({
      kind: 'user',
      id: 'user-1',
      email: 'a@example.com',
      emailVerified: true,
      groups: ['g'],
      groupsOverage: false,
      scopes: ['x', 'y'],
      issuer: 'https://idp.example.com',
      clientId: 'cli',
      claims,
      expiresAt: new Date(1_900_000_000_000),
    });
    expect(() => principal.expiresAt.setTime(0)).toThrow(TypeError);
    expect(principal.expiresAt).toEqual(new Date(1_900_000_000_000));
    const nested = principalOfClaims({ ...good, aud: ['a'], act: { sub: 'b', list: [{ c: 1 }] } }, mapping);
    expect(() => (nested.claims.aud as string[]).push('x')).toThrow(TypeError);
    expect(Object.isFrozen((nested.claims.act as { list: object[] }).list[0])).toBe(true);
    expect(Object.isFrozen(principal) && Object.isFrozen(principal.groups) && Object.isFrozen(principal.claims)).toBe(
      true,
    );
  });

  it('falls back to sub for a default subject claim, never for a configured one', () => {
    const byDefault = { ...mapping, subject: 'oid' };
    expect(principalOfClaims(good, byDefault).id).toBe('user-1');
    expect(codeOf(good, { ...byDefault, subjectFallsBack: false })).toBe('token_claims');
  });

  it.each<[string, Record<string, unknown>]>([
    ['no subject', { sub: undefined }],
    ['an empty subject', { sub: ' ' }],
    ['a number for a subject', { sub: 1 }],
    ['a subject with control characters', { sub: 'a\r\nb' }],
    ['everybody as subject', { sub: '*' }],
    ['a service as subject', { sub: 'service:gateway' }],
    ['a group as subject', { sub: 'Group:admins' }],
    ['a service as e-mail', { email: 'service:gateway' }],
  ])('refuses %s', (_what, claims) => expect(codeOf({ ...good, ...claims })).toBe('token_claims'));

  it.each<[string, unknown, string[]]>([
    ['a list', ['a', ' b ', '', 1, null], ['a', 'b']],
    ['a string with commas', 'a, b,,c', ['a', 'b', 'c']],
    ['an object', { a: {}, b: {} }, ['a', 'b']],
    ['null', null, []],
    ['a number', 7, []],
  ])('reads groups from %s', (_what, groups, expected) => {
    expect(principalOfClaims({ ...good, groups }, mapping).groups).toEqual(expected);
  });

  it('leaves reserved groups and control characters out and says so without their text', () => {
    const notices: unknown[] = [];
    const claims = { ...good, groups: ['ok', 'service:x', 'group:y', '*', 'a\nb'], email: 'a\u0000@example.com' };
    const principal = principalOfClaims(claims, mapping, (notice) => notices.push(notice));
    expect([principal.groups, principal.email]).toEqual([['ok'], undefined]);
    expect(notices).toEqual([
      { claim: 'email', what: expect.stringContaining('control characters') },
      { claim: 'groups', what: expect.stringMatching(/^4 group/) },
    ]);
  });

  it.each<[string, Record<string, unknown>]>([
    ['claim names', { _claim_names: { groups: 'src1' } }],
    ['a flag', { hasgroups: true }],
    ['the name of a claim source', { groups: 'src1', _claim_sources: { src1: {} } }],
  ])('tells groups that were left out by %s', (_what, claims) => {
    expect(principalOfClaims({ ...good, ...claims }, mapping)).toMatchObject({ groups: [], groupsOverage: true });
  });

  it.each<[string, Record<string, unknown>]>([
    ['its own subject', { sub: 'ci', client_id: 'ci' }],
    ['Auth0', { sub: 'ci@clients', azp: 'ci' }],
    ['Entra ID with idtyp', { idtyp: 'app' }],
    ['Entra ID without', { sub: 'o', oid: 'o', tid: 't', roles: ['x'] }],
    ['Keycloak', { azp: 'ci', preferred_username: 'service-account-ci' }],
  ])('knows a client of %s', (_what, claims) => {
    expect(principalOfClaims({ ...good, ...claims }, mapping).kind).toBe('client');
  });

  it('carries an actor as information', () => {
    const act = { sub: 'robot', groups: ['bots'] };
    const principal = principalOfClaims({ ...good, act }, mapping);
    expect(principal).toMatchObject({ id: 'user-1', groups: [], actor: { id: 'robot', groups: ['bots'] } });
  });

  it('makes a service of a client that is one, without anything else its token says', () => {
    const services = new Map([['jobs-client', 'jobs']]);
    const claims = { ...good, sub: 'jobs-client', azp: 'jobs-client', email: 'admin@example.com', groups: ['admins'] };
    const principal = principalOfClaims(claims, { ...mapping, services });
    expect(principal).toMatchObject({ kind: 'service', id: 'service:jobs', groups: [], clientId: 'jobs-client' });
    expect(principal.email).toBeUndefined();
    expect(principalOfClaims({ ...claims, sub: 'user-1' }, { ...mapping, services })).toMatchObject({ kind: 'user' });
    expect(principalOfClaims(claims, mapping)).toMatchObject({ kind: 'client', id: 'jobs-client' });
  });
});

function codeOf(claims: Record<string, unknown>, by = mapping): string {
  try {
    principalOfClaims(claims, by);
    return 'none';
  } catch (error) {
    return isAuthError(error) ? error.code : 'another error';
  }
}
