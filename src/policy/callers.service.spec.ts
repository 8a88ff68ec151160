import { describe, expect, it } from '@jest/globals';
import type { AuthConfig } from '@nmp/auth';
import { anonymousPrincipal, MissingTokenError, type Principal } from '@nmp/tokens';
import { Callers } from './callers.service.js';

const issuers = [
  { issuer: 'https://idp.example.com', sharesUsers: true },
  { issuer: 'https://sts.example.com/', sharesUsers: true },
  { issuer: 'https://ci.example.com', sharesUsers: false },
];

describe('Callers', () => {
  it.each([
    ['https://idp.example.com', ['user-1', '*']],
    ['https://sts.example.com/', ['user-1', '*']],
    ['https://ci.example.com', ['*']],
    ['https://unlisted.example.com', ['*']],
  ])('lets identities of %s match %j', (issuer, bindingPrincipals) => {
    const principal: Principal = { ...anonymousPrincipal, kind: 'user', id: 'user-1', issuer };
    // Only these members of the configuration are looked at.
    const callers = new Callers({ issuers } as unknown as AuthConfig);
    expect(callers.of(principal).bindingPrincipals).toEqual(bindingPrincipals);
  });

  it.each([
    [undefined, ['*']],
    [{ cidrs: ['10.0.0.0/8'] }, ['user-1', 'group:team-ml', '*']],
  ])('lets an identity without an issuer, with trusted headers %j, match %j', (trustedHeaders, bindingPrincipals) => {
    const principal: Principal = { ...anonymousPrincipal, kind: 'user', id: 'user-1', groups: ['team-ml'] };
    const callers = new Callers({ enabled: true, issuers, trustedHeaders } as unknown as AuthConfig);
    expect(callers.of(principal).bindingPrincipals).toEqual(bindingPrincipals);
  });

  it('holds nothing back from nobody only while authentication is switched off', () => {
    const off = new Callers({ enabled: false, issuers: [] } as unknown as AuthConfig);
    expect(off.of(anonymousPrincipal).kind).toBe('anonymous');
    const on = new Callers({ enabled: true, issuers } as unknown as AuthConfig);
    expect(() => on.of(anonymousPrincipal)).toThrow(MissingTokenError);
  });
});
