import { describe, expect, it } from '@jest/globals';
import type { AuthConfig } from '@nmp/auth';
import { anonymousPrincipal, type Principal } from '@nmp/tokens';
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
});
