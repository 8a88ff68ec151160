import { describe, expect, it } from '@jest/globals';
import type { AuthConfig } from '@nmp/auth';
import { anonymousPrincipal, MissingTokenError, type Principal } from '@nmp/tokens';
import { PolicyConfig } from '../config/policy-config.js';
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
    const callers = callersWith({ issuers });
    expect(callers.of(principal).bindingPrincipals).toEqual(bindingPrincipals);
  });

  it.each([
    [undefined, ['*']],
    [{ cidrs: ['10.0.0.0/8'] }, ['user-1', 'group:team-ml', '*']],
  ])('lets an identity without an issuer, with trusted headers %j, match %j', (trustedHeaders, bindingPrincipals) => {
    const principal: Principal = { ...anonymousPrincipal, kind: 'user', id: 'user-1', groups: ['team-ml'] };
    const callers = callersWith({ enabled: true, issuers, trustedHeaders });
    expect(callers.of(principal).bindingPrincipals).toEqual(bindingPrincipals);
  });

  it('holds nothing back from nobody only while authentication is switched off', () => {
    const off = callersWith({ enabled: false, issuers: [] });
    expect(off.of(anonymousPrincipal).kind).toBe('anonymous');
    const on = callersWith({ enabled: true, issuers });
    expect(() => on.of(anonymousPrincipal)).toThrow(MissingTokenError);
  });

  it.each([
    [false, ['user-1', '*']],
    [true, ['alice@example.com', 'user-1', '*']],
  ])('lets an unverified e-mail address count: %s', (acceptUnverifiedEmail, bindingPrincipals) => {
    const [main] = issuers;
    const principal: Principal = {
      ...anonymousPrincipal,
      kind: 'user',
      id: 'user-1',
      email: 'alice@example.com',
      emailVerified: false,
      issuer: String(main?.issuer),
    };
    const callers = callersWith({ enabled: true, issuers }, { acceptUnverifiedEmail });
    expect(callers.of(principal).bindingPrincipals).toEqual(bindingPrincipals);
    expect(callers.forPolicy(principal).emailVerified).toBe(acceptUnverifiedEmail ? undefined : false);
    expect(callers.forPolicy(principal)).toBe(callers.forPolicy(principal));
  });
});

function callersWith(config: object, policy: Partial<PolicyConfig> = {}): Callers {
  // Only these members of the configuration are looked at.
  return new Callers(config as AuthConfig, { policy: Object.assign(new PolicyConfig(), policy) });
}
