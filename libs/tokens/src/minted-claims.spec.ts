import { describe, expect, it } from '@jest/globals';
import type { Claims } from './claims.js';
import { principalOfClaims } from './claim-mapping.js';
import { isAuthError } from './errors.js';
import {
  mintedClaimsOf,
  type MintedTokenKind,
  originalTokenOf,
  principalOfMintedClaims,
  sharesUsersByClaims,
} from './minted-claims.js';
import { anonymousPrincipal, type Principal } from './principal.js';

const registered = {
  iss: 'https://platform.example.com/apis/auth',
  aud: 'models',
  iat: 1,
  exp: 1_900_000_000,
  jti: 'h',
};
const alice = principalOfClaims(
  {
    iss: 'https://idp.example.com',
    sub: 'alice',
    iat: 7,
    exp: 1_900_000_000,
    jti: 'token-1',
    azp: 'nmp-cli',
    email: 'alice@example.com',
    email_verified: true,
    groups: ['team-ml', 'a,b'],
    scope: 'openid platform:read',
    acr: 'phr',
    auth_time: 5,
    act: { sub: 'service:proxy', groups: ['tools'] },
  },
  { email: 'email', subject: 'sub', subjectFallsBack: true, groups: 'groups' },
);

describe('a principal in a minted token', () => {
  it('arrives as the one that was sent', () => {
    const { claims, expiresAt, ...received } = receive(alice);
    const { claims: _own, expiresAt: _end, ...sent } = alice;
    expect(received).toEqual(sent);
    expect(expiresAt).toEqual(new Date(1_900_000_000_000));
    expect(claims).toMatchObject({ ...registered, acr: 'phr', auth_time: 5 });
  });

  it('arrives as a service, or with whom it acts for', () => {
    const service: Principal = {
      ...anonymousPrincipal,
      kind: 'service',
      id: 'service:jobs',
      issuer: 'https://idp.example.com',
    };
    expect(receive(service)).toMatchObject({ kind: 'service', id: 'service:jobs' });
    const onBehalfOf = { id: 'alice', email: 'alice@example.com', groups: ['team-ml'] };
    expect(receive({ ...service, onBehalfOf })).toMatchObject({ kind: 'service', onBehalfOf });
  });

  it('is frozen all the way down', () => {
    const received = receive(alice);
    const parts = [received, received.groups, received.scopes, received.claims, received.claims.nmp, received.actor];
    expect(parts.every((part) => Object.isFrozen(part))).toBe(true);
  });

  it('keeps an unverified e-mail address unverified', () => {
    expect(receive({ ...alice, emailVerified: false }).emailVerified).toBe(false);
  });

  it('has no more groups than fit into the headers of a request, and says so', () => {
    const many = Array.from({ length: 101 }, (_, at) => `group-${at}`);
    expect(receive({ ...alice, groups: many })).toMatchObject({ groups: many.slice(0, 100), groupsOverage: true });
    expect(receive({ ...alice, groups: many.slice(0, 100) })).toMatchObject({ groupsOverage: false });
    const long = Array.from({ length: 40 }, (_, at) => `${at}`.padStart(250, 'x'));
    const { groups, groupsOverage } = receive({ ...alice, groups: long });
    expect({ count: groups.length, groupsOverage }).toEqual({ count: 16, groupsOverage: true });
  });

  it('gets no second scope out of one with a blank in it', () => {
    const scopes = ['platform:read', 'odd platform:write'];
    expect(receive({ ...alice, scopes }).scopes).toEqual(['platform:read']);
  });

  it.each<[string, Record<string, unknown>]>([
    ['no claim of the platform', { nmp: undefined }],
    ['an unknown kind', { nmp: { kind: 'admin', issuer: 'x' } }],
    ['nobody', { nmp: { kind: 'anonymous', issuer: 'x' } }],
    ['no issuer', { nmp: { kind: 'user' } }],
    ['no subject', { sub: undefined }],
    ['everybody as subject', { sub: '*' }],
    ['a user by the name of a service', { sub: 'service:jobs' }],
    ['a service by the name of a user', { nmp: { kind: 'service', issuer: 'x' } }],
    ['control characters', { sub: 'a\nb' }],
    ['a group as e-mail address', { email: 'group:admins' }],
    ['a service as who is acted for', { nmp: { kind: 'user', issuer: 'x', on_behalf_of: { sub: 'service:jobs' } } }],
  ])('is refused with %s', (_, odd) => {
    expect(codeOf({ ...registered, ...json(mintedClaimsOf(alice, true)), ...odd })).toBe('token_claims');
  });

  it('leaves out groups of a reserved name', () => {
    const claims = { ...registered, ...json(mintedClaimsOf(alice, true)), groups: ['ok', 'service:x', '*', 1] };
    expect(principalOfMintedClaims(claims, 'hop').groups).toEqual(['ok']);
  });
});

describe('a workload token', () => {
  const trainer: Principal = { ...anonymousPrincipal, kind: 'client', id: 'trainer', issuer: registered.iss };
  const claimsOf = (principal: Principal): Claims => ({ ...registered, ...json(mintedClaimsOf(principal, true)) });

  it('is that of a client of the platform', () => {
    expect(principalOfMintedClaims(claimsOf(trainer), 'workload')).toMatchObject({ kind: 'client', id: 'trainer' });
  });

  it.each<[string, Partial<Principal>]>([
    ['a user', { kind: 'user' }],
    ['a service', { kind: 'service', id: 'service:jobs' }],
    ['somebody of another issuer', { issuer: 'https://idp.example.com' }],
  ])('is refused as that of %s', (_, odd) => {
    expect(codeOf(claimsOf({ ...trainer, ...odd }), 'workload')).toBe('token_claims');
  });
});

describe('an access key', () => {
  const owner: Principal = { ...alice, scopes: ['platform:read'] };
  const claimsOf = (principal: Principal): Claims => ({ ...registered, ...json(mintedClaimsOf(principal, true)) });

  it('is its owner, with its own scopes', () => {
    const { id, issuer } = alice;
    const found = principalOfMintedClaims(claimsOf(owner), 'access-key');
    expect(found).toMatchObject({ kind: 'user', id, issuer, scopes: ['platform:read'] });
  });

  it.each<[string, Partial<Principal>]>([
    ['nothing that restricts it', { scopes: [] }],
    ['a service as its owner', { kind: 'service', id: 'service:jobs' }],
  ])('is refused with %s', (_, odd) => {
    expect(codeOf(claimsOf({ ...owner, ...odd }), 'access-key')).toBe('token_claims');
  });
});

it('tells the token that it was made of, for revocations', () => {
  const origin = { issuer: 'https://idp.example.com', sub: 'alice', jti: 'token-1', issuedAtSeconds: 7 };
  expect(originalTokenOf(json(mintedClaimsOf(alice, true)))).toEqual(origin);
  expect(originalTokenOf(alice.claims)).toBeUndefined();
});

it.each([true, false])('says whether role bindings speak of its users: %s', (shared) => {
  expect(sharesUsersByClaims(json(mintedClaimsOf(alice, shared)))).toBe(shared);
});

function receive(principal: Principal): Principal {
  return principalOfMintedClaims({ ...registered, ...json(mintedClaimsOf(principal, true)) }, 'hop');
}

/** As it comes out of a token. */
function json(claims: Record<string, unknown>): Claims {
  return JSON.parse(JSON.stringify(claims)) as Claims; // what was put in
}

function codeOf(claims: Claims, kind: MintedTokenKind = 'hop'): string | undefined {
  try {
    principalOfMintedClaims(claims, kind);
    return undefined;
  } catch (error) {
    return isAuthError(error) ? error.code : String(error);
  }
}
