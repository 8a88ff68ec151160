import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseBearerToken } from './bearer-token.js';
import { isAuthError } from './errors.js';

describe('parseBearerToken', () => {
  it.each(['Bearer abc', 'bearer abc', 'BEARER abc', 'BeArEr abc'])('finds the token in "%s"', (header) => {
    expect(parseBearerToken(header)).toBe('abc');
  });

  it('keeps every character a token may have', () => {
    expect(parseBearerToken('Bearer aZ0-._~+/==')).toBe('aZ0-._~+/==');
  });

  it.each([undefined, '', 'Basic abc', 'BearerX abc', 'BearerTokenEvil x', 'abc.def.ghi'])(
    'sees no credentials in %p',
    (header) => expect(codeOf(header)).toBe('missing_token'),
  );

  it.each([
    'Bearer',
    'Bearer ',
    'Bearer  a',
    'Bearer\ta',
    'Bearer\u00a0a',
    'Bearer a b',
    'Bearer a, Bearer b',
    'Bearer "a"',
    'Bearer ä',
    'Bearer a%00',
  ])('calls %p malformed', (header) => expect(codeOf(header)).toBe('malformed_request'));

  it('refuses two headers and reads a list of one', () => {
    expect(codeOf(['Bearer a', 'Bearer a'])).toBe('malformed_request');
    expect(parseBearerToken(['Bearer a'])).toBe('a');
  });

  it('throws nothing but authentication errors, whatever is sent', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (header) => codeOf(header) !== 'another error'));
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (rest) => codeOf(`Bearer ${rest}`) !== 'another error'));
  });
});

function codeOf(header: string | string[] | undefined): string {
  try {
    parseBearerToken(header);
    return 'none';
  } catch (error) {
    return isAuthError(error) ? error.code : 'another error';
  }
}
