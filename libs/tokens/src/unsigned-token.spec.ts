import { describe, expect, it } from '@jest/globals';
import { AuthError } from './errors.js';
import { isUnsignedToken, principalOfUnsignedToken, UNSIGNED_TOKENS, writeUnsignedToken } from './unsigned-token.js';

const now = 1_900_000_000;
const alice = { email: 'alice@example.com' };
const part = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
const good = {
  iss: 'urn:nmp:unsigned',
  aud: 'urn:nmp:this-machine',
  sub: 'alice@example.com',
  email: 'alice@example.com',
  iat: now,
  exp: now + 3600,
};
const withClaims = (difference: object): string =>
  `${part('{"alg":"none","typ":"JWT"}')}.${part({ ...good, ...difference })}.`;
const withHeader = (header: string): string => `${part(header)}.${part(good)}.`;

function read(token: string, difference: object = {}): unknown {
  try {
    return principalOfUnsignedToken(token, { nowSeconds: now, clockToleranceSeconds: 30, ...difference });
  } catch (error) {
    if (error instanceof AuthError) return error.code;
    throw error;
  }
}

describe('an unsigned token', () => {
  it('makes a person of an e-mail address', () => {
    const token = writeUnsignedToken({ ...alice, groups: ['team-ml'], scopes: ['platform:read'] }, now, 3600);
    expect(read(token)).toMatchObject({
      kind: 'user',
      id: 'alice@example.com',
      email: 'alice@example.com',
      groups: ['team-ml'],
      scopes: ['platform:read'],
      issuer: UNSIGNED_TOKENS.issuer,
      expiresAt: new Date((now + 3600) * 1000),
    });
    expect(read(withClaims({}))).toMatchObject({ id: 'alice@example.com', groups: [], scopes: [] });
  });

  it('is told by its empty third part', () => {
    const token = writeUnsignedToken(alice, now, 60);
    expect(isUnsignedToken(token)).toBe(true);
    for (const other of [`${token}AA`, `${token}.`, token.slice(0, -1), '', '..', 'a..', 'abc']) {
      expect({ other, is: isUnsignedToken(other) }).toEqual({ other, is: false });
    }
  });

  it.each([
    ['None', '{"alg":"None","typ":"JWT"}'],
    ['NONE', '{"alg":"NONE","typ":"JWT"}'],
    ['HS256', '{"alg":"HS256","typ":"JWT"}'],
    ['a key id', '{"alg":"none","typ":"JWT","kid":"1"}'],
    ['the address of keys', '{"alg":"none","typ":"JWT","jku":"https://evil.example/keys"}'],
    ['a key', '{"alg":"none","typ":"JWT","jwk":{}}'],
    ['what must be understood', '{"alg":"none","typ":"JWT","crit":["exp"]}'],
    ['the type of another token', '{"alg":"none","typ":"hop+jwt"}'],
    ['no type', '{"alg":"none"}'],
    ['another order', '{"typ":"JWT","alg":"none"}'],
    ['blanks', '{"alg": "none","typ":"JWT"}'],
    ['two algorithms', '{"alg":"none","typ":"JWT","alg":"RS256"}'],
  ])('is refused with %s in the header', (_what, header) => {
    expect(read(withHeader(header))).toBe('token_algorithm');
  });

  it.each([
    ['a signature', (token: string) => `${token}AA`, 'token_signature'],
    ['four parts', (token: string) => `${token}.`, 'token_malformed'],
    ['two parts', (token: string) => token.slice(0, -1), 'token_malformed'],
    ['padding', (token: string) => token.replace(/\.$/, '=.'), 'token_malformed'],
    ['too many characters', (token: string) => token.replace(/\.$/, `${'A'.repeat(17_000)}.`), 'token_malformed'],
  ])('is refused with %s', (_what, spoil, code) => {
    expect(read(spoil(withClaims({})))).toBe(code);
  });

  it.each([
    ['another issuer', { iss: 'https://idp.example.com' }, 'token_issuer'],
    ['no issuer', { iss: undefined }, 'token_issuer'],
    ['another audience', { aud: 'nmp-platform' }, 'token_audience'],
    ['a list of audiences', { aud: ['urn:nmp:this-machine'] }, 'token_audience'],
    ['no end', { exp: undefined }, 'token_claims'],
    ['no beginning', { iat: undefined }, 'token_claims'],
    ['a beginning that is a text', { iat: String(now) }, 'token_claims'],
    ['an end that is over', { iat: now - 3700, exp: now - 100 }, 'token_expired'],
    ['a beginning to come', { iat: now + 100, exp: now + 200 }, 'token_not_yet_valid'],
    ['an end before its beginning', { iat: now + 10, exp: now }, 'token_claims'],
    ['more than half a day', { exp: now + 43_201 }, 'token_claims'],
    ['a longer life that began long ago', { iat: now - 90_000, exp: now + 60 }, 'token_expired'],
    ['an e-mail address that is none', { email: 'alice', sub: 'alice' }, 'token_claims'],
    ['no e-mail address', { email: undefined }, 'token_claims'],
    ['a list for an e-mail address', { email: ['alice@example.com'] }, 'token_claims'],
    ['another subject', { sub: 'bob@example.com' }, 'token_claims'],
    ['a service for a name', { sub: 'service:jobs@example.com', email: 'service:jobs@example.com' }, 'token_claims'],
    ['a group for a name', { sub: 'GROUP:a@example.com', email: 'GROUP:a@example.com' }, 'token_claims'],
    ['control characters', { sub: 'a\u0000@example.com', email: 'a\u0000@example.com' }, 'token_claims'],
    ['a client', { client_id: 'alice@example.com' }, 'token_claims'],
    ['an actor', { act: { sub: 'bob@example.com' } }, 'token_claims'],
    ['what minted tokens have', { nmp: { kind: 'service' } }, 'token_claims'],
    ['a key it is bound to', { cnf: { jkt: 'x' } }, 'token_claims'],
    ['what shows another kind of token', { nonce: 'x' }, 'token_claims'],
  ])('is refused with %s', (_what, difference, code) => {
    expect(read(withClaims(difference))).toBe(code);
  });

  it('lives for half a day, and no longer than tokens may', () => {
    const token = writeUnsignedToken(alice, now, UNSIGNED_TOKENS.maxLifeSeconds);
    expect(read(token, { nowSeconds: now + 43_200 + 29 })).toMatchObject({ id: 'alice@example.com' });
    expect(read(token, { nowSeconds: now + 43_200 + 30 })).toBe('token_expired');
    expect(read(token, { nowSeconds: now + 629, maxTokenAgeSeconds: 600 })).toMatchObject({ id: 'alice@example.com' });
    expect(read(token, { nowSeconds: now + 630, maxTokenAgeSeconds: 600 })).toBe('token_expired');
  });

  it('leaves groups out that mean something else', () => {
    const groups = ['team-ml', 'service:jobs', '*', 'group:x'];
    expect(read(writeUnsignedToken({ ...alice, groups }, now, 60))).toMatchObject({ groups: ['team-ml'] });
  });
});
