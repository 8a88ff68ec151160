import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isAuthError } from './errors.js';
import { decodeUnverifiedClaims, decodeUnverifiedJws, MAX_TOKEN_LENGTH } from './jws.js';

const encode = (text: string | Uint8Array): string => Buffer.from(text as string).toString('base64url');
const header = '{"alg":"RS256","kid":"k"}';
const claims = '{"iss":"https://idp.example.com","sub":"user-1"}';
const token = (h: string | Uint8Array = header, c: string | Uint8Array = claims, s = 'c2ln'): string =>
  `${encode(h)}.${encode(c)}.${s}`;

describe('decodeUnverifiedJws', () => {
  it('takes a compact JWS apart', () => {
    expect(decodeUnverifiedJws(token())).toEqual({
      header: { alg: 'RS256', kid: 'k' },
      claims: { iss: 'https://idp.example.com', sub: 'user-1' },
      signingInput: `${encode(header)}.${encode(claims)}`,
      signature: Buffer.from('sig'),
    });
  });

  it.each(['JWT', 'jwt', 'at+jwt', 'AT+JWT', 'application/at+jwt'])('accepts the header type %s', (typ) => {
    expect(decodeUnverifiedJws(token(JSON.stringify({ alg: 'RS256', typ }))).header.typ).toBe(typ);
  });

  it.each<[string, string, string]>([
    ['two parts', 'a.b', 'token_malformed'],
    ['four parts', 'a.b.c.d', 'token_malformed'],
    ['five parts', 'a.b.c.d.e', 'token_malformed'],
    ['an empty first part', '.b.c', 'token_malformed'],
    ['an empty second part', 'a..c', 'token_malformed'],
    ['ten thousand dots', '.'.repeat(10_000), 'token_malformed'],
    [
      'too many characters',
      token('{"alg":"RS256"}', JSON.stringify({ pad: 'x'.repeat(MAX_TOKEN_LENGTH) })),
      'token_malformed',
    ],
    ['an empty signature', `${encode(header)}.${encode(claims)}.`, 'token_signature'],
    ['a padded signature', `${encode(header)}.${encode(claims)}.c2lnbg==`, 'token_signature'],
    ['a padded header', `${encode(header)}=.${encode(claims)}.c2ln`, 'token_malformed'],
    ['a header in base64 with + and /', `++//.${encode(claims)}.c2ln`, 'token_malformed'],
    ['a header that is no JSON', token('{'), 'token_malformed'],
    ['a header that is an array', token('[]'), 'token_malformed'],
    ['a header that is null', token('null'), 'token_malformed'],
    ['a header that is a number', token('1'), 'token_malformed'],
    ['a header with a byte order mark', token(`\ufeff${header}`), 'token_malformed'],
    ['a header that is not UTF-8', token(Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d)), 'token_malformed'],
    ['two algorithms', token('{"alg":"RS256","alg":"none"}'), 'token_malformed'],
    ['two algorithms, one escaped', token('{"alg":"RS256","\\u0061lg":"none"}'), 'token_malformed'],
    ['no algorithm', token('{}'), 'token_algorithm'],
    ['a number for an algorithm', token('{"alg":1}'), 'token_algorithm'],
    ['a number for a key id', token('{"alg":"RS256","kid":1}'), 'token_key'],
    ['null for a key id', token('{"alg":"RS256","kid":null}'), 'token_key'],
    ['critical members', token('{"alg":"RS256","crit":["exp"]}'), 'token_malformed'],
    ['no critical members, but the list', token('{"alg":"RS256","crit":[]}'), 'token_malformed'],
    ['an unencoded payload', token('{"alg":"RS256","b64":false}'), 'token_malformed'],
    ['a compressed payload', token('{"alg":"RS256","zip":"DEF"}'), 'token_malformed'],
    ['a nested token', token('{"alg":"RS256","cty":"JWT"}'), 'token_malformed'],
    ['a proof of possession', token('{"alg":"RS256","typ":"dpop+jwt"}'), 'token_type'],
    ['a logout token', token('{"alg":"RS256","typ":"logout+jwt"}'), 'token_type'],
    ['claims that are an array', token(header, '[]'), 'token_malformed'],
    ['two subjects', token(header, '{"sub":"a","iss":"x","sub":"b"}'), 'token_malformed'],
  ])('refuses %s', (_what, input, code) => expect(codeOf(input)).toBe(code));

  it('counts members of the first level only, and no colons in strings', () => {
    const nested = '{"a":{"b":1,"c":[{"d":":\\":"}]},"e\\"":"{:}","__proto__":{"sub":"x"}}';
    expect(decodeUnverifiedJws(token(header, nested)).claims).toHaveProperty('a.b', 1);
  });

  it('bears ten thousand levels of nesting', () => {
    const deep = `{"a":${'['.repeat(5000)}${']'.repeat(5000)}}`;
    expect(codeOf(token(header, deep))).toBe('none');
  });

  it('throws nothing but authentication errors, whatever is sent', () => {
    fc.assert(fc.property(fc.string(), (input) => codeOf(input) !== 'another error'));
    fc.assert(fc.property(fc.json(), fc.json(), (h, c) => codeOf(token(h, c)) !== 'another error'));
  });

  it('reads exactly one spelling of a signature', () => {
    const signature = Buffer.alloc(256, 7).toString('base64url');
    const last = signature.at(-1);
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/=';
    const accepted = [...alphabet].filter(
      (letter) => codeOf(token(header, claims, signature.slice(0, -1) + letter)) === 'none',
    );
    const same = accepted.filter((letter) => {
      const input = token(header, claims, signature.slice(0, -1) + letter);
      return decodeUnverifiedJws(input).signature.equals(Buffer.alloc(256, 7));
    });
    expect(same).toEqual([last]);
  });
});

describe('decodeUnverifiedClaims', () => {
  it('shows the claims of a token and nothing of anything else', () => {
    expect(decodeUnverifiedClaims(token())).toMatchObject({ sub: 'user-1' });
    expect(decodeUnverifiedClaims('opaque')).toBeUndefined();
    expect(decodeUnverifiedClaims('a.b.c')).toBeUndefined();
  });
});

function codeOf(input: string): string {
  try {
    decodeUnverifiedJws(input);
    return 'none';
  } catch (error) {
    return isAuthError(error) ? error.code : 'another error';
  }
}
