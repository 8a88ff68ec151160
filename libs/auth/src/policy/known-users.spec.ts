import { describe, expect, it } from '@jest/globals';
import { anonymousPrincipal, type Principal } from '@nmp/tokens';
import { authConfigOf } from '../auth-config.js';
import { sharesUsers } from './known-users.js';

const platform = 'https://platform.example.com/apis/auth';
const config = authConfigOf({
  oidc: {
    issuer: 'https://idp.example.com',
    clientId: 'nmp-cli',
    additionalIssuers: [{ issuer: 'https://partner.example.com' }],
  },
  hop: { issuer: platform, audience: 'models' },
});
const user: Principal = { ...anonymousPrincipal, kind: 'user', id: 'alice', issuer: 'https://idp.example.com' };

describe('sharesUsers', () => {
  it('goes by the issuer of an access token', () => {
    expect(sharesUsers({ ...user, claims: { iss: user.issuer } }, config)).toBe(true);
    const issuer = 'https://partner.example.com';
    expect(sharesUsers({ ...user, issuer, claims: { iss: issuer } }, config)).toBe(false);
  });

  it.each([true, false])('goes by what a hop token says, whatever issuer it names: %s', (shared) => {
    const claims = { iss: platform, nmp: { shares_users: shared } };
    expect(sharesUsers({ ...user, claims }, config)).toBe(shared);
    expect(sharesUsers({ ...user, issuer: 'https://unknown.example', claims }, config)).toBe(shared);
  });

  it('does not believe an access token that says the same', () => {
    const issuer = 'https://partner.example.com';
    const claims = { iss: issuer, nmp: { shares_users: true } };
    expect(sharesUsers({ ...user, issuer, claims }, config)).toBe(false);
  });
});
