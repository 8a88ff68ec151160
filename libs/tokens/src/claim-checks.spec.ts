import { describe, expect, it } from '@jest/globals';
import { checkClaims, type ClaimExpectations } from './claim-checks.js';
import { isAuthError } from './errors.js';

const now = 1_900_000_000;
const good = { iss: 'https://idp.example.com', sub: 'user-1', aud: 'api', iat: now - 10, exp: now + 60 };
const expected: ClaimExpectations = {
  issuer: 'https://idp.example.com',
  audience: ['api', 'other'],
  clockToleranceSeconds: 30,
};

describe('checkClaims', () => {
  it.each<[string, Record<string, unknown>]>([
    ['a good token', {}],
    ['one that expired within the tolerance', { exp: now - 29 }],
    ['one from a clock that is ahead, within the tolerance', { iat: now + 30, nbf: now + 30 }],
    ['one of several audiences', { aud: ['x', 'other'] }],
    ['a time with a fraction', { exp: now + 0.5 }],
    ['a time in milliseconds', { exp: now * 1000 }],
    ['at_hash alone', { at_hash: 'x' }],
    ['a bearer type in the payload', { typ: 'Bearer' }],
    ['an access token by its use', { token_use: 'access' }],
    ["Okta's id of an access token", { jti: 'AT.1' }],
    ['an id that only looks like an ID token, with a client', { jti: 'ID.1', cid: 'client' }],
  ])('accepts %s', (_what, claims) => expect(codeOf({ ...good, ...claims })).toBe('none'));

  it.each<[string, Record<string, unknown>, string]>([
    ['expired', { exp: now - 30 }, 'token_expired'],
    ['no expiry', { exp: undefined }, 'token_claims'],
    ['an expiry as text', { exp: String(now + 60) }, 'token_claims'],
    ['an infinite expiry', { exp: Number.POSITIVE_INFINITY }, 'token_claims'],
    ['no time of issue', { iat: undefined }, 'token_claims'],
    ['issued in the future', { iat: now + 31 }, 'token_not_yet_valid'],
    ['not yet valid', { nbf: now + 31 }, 'token_not_yet_valid'],
    ['a not-before as text', { nbf: 'x' }, 'token_claims'],
    ['another issuer', { iss: 'https://other.example' }, 'token_issuer'],
    ['an issuer with a slash', { iss: 'https://idp.example.com/' }, 'token_issuer'],
    ['a list of issuers', { iss: ['https://idp.example.com'] }, 'token_issuer'],
    ['no audience', { aud: undefined }, 'token_audience'],
    ['another audience', { aud: 'apis' }, 'token_audience'],
    ['an empty list of audiences', { aud: [] }, 'token_audience'],
    ['audiences in one string', { aud: 'api other' }, 'token_audience'],
    ['a nested list of audiences', { aud: [['api']] }, 'token_audience'],
    ['a number for an audience', { aud: 1 }, 'token_audience'],
    ['an ID token by its payload', { typ: 'ID' }, 'token_type'],
    ['a refresh token', { typ: 'Refresh' }, 'token_type'],
    ['an offline token', { typ: 'Offline' }, 'token_type'],
    ['an ID token by its use', { token_use: 'id' }, 'token_type'],
    ['an ID token by its nonce', { nonce: 'n' }, 'token_type'],
    ["Okta's ID token", { jti: 'ID.1' }, 'token_type'],
    ['a logout token', { events: {} }, 'token_type'],
    ['a token bound to a key', { cnf: { jkt: 'x' } }, 'token_claims'],
    ['a token bound to a certificate', { cnf: { 'x5t#S256': 'x' } }, 'token_claims'],
    ['a deeply nested audience', { aud: JSON.parse(`${'['.repeat(6000)}${']'.repeat(6000)}`) }, 'token_audience'],
    ['a number for a token id', { jti: 1 }, 'token_claims'],
  ])('refuses %s', (_what, claims, code) => expect(codeOf({ ...good, ...claims })).toBe(code));

  it('takes any audience only when the check is switched off', () => {
    expect(codeOf({ ...good, aud: 'else' }, { ...expected, audience: false })).toBe('none');
    expect(codeOf({ ...good, aud: undefined }, { ...expected, audience: false })).toBe('none');
  });

  it('limits the age of a token if told so', () => {
    const limited = { ...expected, maxTokenAgeSeconds: 100 };
    expect(codeOf({ ...good, iat: now - 129 }, limited)).toBe('none');
    expect(codeOf({ ...good, iat: now - 130 }, limited)).toBe('token_expired');
  });

  it('says what a refused token carries and what to change', () => {
    expect(() => checkClaims({ ...good, aud: 'account' }, expected, now)).toThrow(/"account".*oidc\.audience/);
  });
});

function codeOf(claims: Record<string, unknown>, expectations = expected): string {
  try {
    checkClaims(claims, expectations, now);
    return 'none';
  } catch (error) {
    return isAuthError(error) ? error.code : 'another error';
  }
}
