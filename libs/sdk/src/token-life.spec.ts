import { describe, expect, it } from '@jest/globals';
import { lookalikeToken } from '../test/support/lookalike-token.js';
import { isExpired, isNearExpiry, lifeOfToken } from './token-life.js';

const issuedAt = new Date('2030-01-01T00:00:00Z');
const after = (seconds: number): Date => new Date(issuedAt.getTime() + seconds * 1000);

describe('lifeOfToken', () => {
  it('believes a JWT before what was noted', () => {
    const token = lookalikeToken({ iat: issuedAt.getTime() / 1000, exp: issuedAt.getTime() / 1000 + 60 });
    expect(lifeOfToken(token, { expiresAt: after(999) })).toEqual({ issuedAt, expiresAt: after(60) });
  });

  it('takes what was noted for a token that cannot be read', () => {
    expect(lifeOfToken('opaque', { expiresAt: after(60) })).toEqual({ expiresAt: after(60) });
    expect(lifeOfToken('opaque', {})).toEqual({});
  });

  it.each([
    ['a string', '17'],
    ['not finite', null],
    ['beyond dates', 1e300],
  ])('ignores an exp that is %s', (_, exp) => {
    expect(lifeOfToken(lookalikeToken({ exp }), {})).toEqual({});
  });
});

describe('isNearExpiry', () => {
  const hour = { issuedAt, expiresAt: after(3600) };
  const minutes = { issuedAt, expiresAt: after(200) };

  it.each([
    ['an hour, 61 s left', hour, 3600 - 61, false],
    ['an hour, 59 s left', hour, 3600 - 59, true],
    ['200 s, 41 s left', minutes, 200 - 41, false],
    ['200 s, 39 s left: a fifth is less than 60 s', minutes, 200 - 39, true],
    ['no start known, 59 s left', { expiresAt: after(200) }, 141, true],
    ['no end known', {}, 1e6, false],
  ])('%s', (_, life, age, expected) => {
    expect(isNearExpiry(life, after(age), 60)).toBe(expected);
  });

  it('never renews a token in its first four fifths, however short its life', () => {
    expect(isNearExpiry({ issuedAt, expiresAt: after(5) }, issuedAt, 300)).toBe(false);
  });
});

describe('isExpired', () => {
  it('is so from the moment of expiry on', () => {
    expect(isExpired({ expiresAt: after(60) }, after(59))).toBe(false);
    expect(isExpired({ expiresAt: after(60) }, after(60))).toBe(true);
    expect(isExpired({}, after(1e6))).toBe(false);
  });
});
