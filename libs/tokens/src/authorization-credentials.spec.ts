import { describe, expect, it } from '@jest/globals';
import { parseAuthorization } from './authorization-credentials.js';

describe('parseAuthorization', () => {
  it.each([
    ['Bearer abc', 'bearer'],
    ['DPoP abc', 'dpop'],
    ['dpop abc', 'dpop'],
  ])('tells the scheme of "%s"', (header, scheme) => {
    expect(parseAuthorization(header, ['bearer', 'dpop'])).toEqual({ scheme, token: 'abc' });
  });

  it('sees no credentials under a scheme that does not count', () => {
    expect(() => parseAuthorization('DPoP abc', ['bearer'])).toThrow('has another scheme');
    expect(() => parseAuthorization('DPoPX abc', ['bearer', 'dpop'])).toThrow('has another scheme');
  });

  it.each(['DPoP', 'DPoP ', 'DPoP  a', 'DPoP a b', 'DPoP\ta'])('calls %p malformed', (header) => {
    expect(() => parseAuthorization(header, ['bearer', 'dpop'])).toThrow(
      expect.objectContaining({ code: 'malformed_request' }),
    );
  });

  it('refuses one header of each scheme', () => {
    expect(() => parseAuthorization(['Bearer a', 'DPoP a'], ['bearer', 'dpop'])).toThrow('several');
  });
});
