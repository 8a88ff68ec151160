import { describe, expect, it } from '@jest/globals';
import { accountsOf, decodeTokens, encodeTokens } from './token-item.js';

describe('tokens in a keychain', () => {
  it.each([{ token: 'a.b.c' }, { token: 'with "quotes" $x ä:', refreshToken: 'r\\n\n+/=&' }])(
    'come back as %j',
    (tokens) => {
      const text = encodeTokens(tokens);
      expect(text).toMatch(/^nmp1:[\w.%&=+*-]+:$/);
      expect(decodeTokens(text)).toEqual(tokens);
    },
  );

  it('take no more room than they must', () => {
    const token = `${'aZ-_0'.repeat(100)}.${'b'.repeat(500)}`;
    expect(encodeTokens({ token })).toHaveLength(token.length + 'nmp1:token=:'.length);
  });

  it.each(['', 'something else', 'nmp1:', 'nmp1::', 'nmp1:token=:', encodeTokens({ token: 'a.b.c' }).slice(0, -1)])(
    'are refused when they are %j',
    (text) => {
      expect(() => decodeTokens(text)).toThrow('what it gave is not what was stored there');
    },
  );

  it('have an account for each file and user, and another for the next sign-in', () => {
    const accounts = ['/a/config.yaml', '/b/config.yaml'].flatMap((path) =>
      ['alice', 'bob b'].flatMap((user) => accountsOf(path, user)),
    );
    expect(new Set(accounts).size).toBe(8);
    expect(accountsOf('/a', 'it\'s "me"')[1]).toMatch(/^[\da-f]{16}\.2\/it's%20%22me%22$/);
  });
});
