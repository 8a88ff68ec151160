import { describe, expect, it } from '@jest/globals';
import { anonymousPrincipal } from '@nmp/tokens';
import type { AuthConfig } from '../auth-config.js';
import { NEVER_MS, sessionEndMs } from './session-end.js';

describe('sessionEndMs', () => {
  const issuer = 'https://idp.example.com';
  const endOf = (maxTokenAgeSeconds?: number): number => {
    const issuers = [{ issuer, expectations: { maxTokenAgeSeconds } }];
    const config = { issuers, clockToleranceSeconds: 30 } as unknown as AuthConfig; // all that is looked at
    return sessionEndMs(
      { ...anonymousPrincipal, expiresAt: new Date(500_000), claims: { iss: issuer, iat: 100 } },
      config,
    );
  };

  it('is where the guard of a request would refuse the token: with the tolerance of clocks', () => {
    expect(endOf()).toBe(530_000);
  });

  it('comes earlier where tokens may not be so old', () => {
    expect([endOf(60), endOf(600)]).toEqual([190_000, 530_000]);
  });

  it('never comes for who has no token', () => {
    const config = { issuers: [], clockToleranceSeconds: 30 } as unknown as AuthConfig; // likewise
    expect(sessionEndMs(anonymousPrincipal, config)).toBe(NEVER_MS);
  });
});
