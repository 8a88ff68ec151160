import { beforeAll, describe, expect, it } from '@jest/globals';
import { ProofKey, type ProofInput, SigningKey } from '@nmp/auth/testing';
import { type DpopExpectations, verifyDpopProof } from './dpop-proof.js';
import { isAuthError } from './errors.js';

const nowSeconds = Date.parse('2030-01-01T00:00:00Z') / 1000;
const clock = { now: () => new Date(nowSeconds * 1000) };
const token = 'an.access.token';
const url = 'https://api.example.com/notes';

describe('verifyDpopProof', () => {
  let key: ProofKey;
  let expected: DpopExpectations;

  beforeAll(async () => {
    key = await ProofKey.generate('ES256', clock);
    expected = {
      algorithms: ['ES256', 'RS256'],
      method: 'GET',
      uri: url,
      token,
      thumbprint: key.thumbprint,
      nowSeconds,
      maxAgeSeconds: 60,
      clockToleranceSeconds: 30,
    };
  });

  const proof = (input: Partial<ProofInput> = {}): string => key.proof({ url, token, ...input });

  async function verdict(text: string, difference: Partial<DpopExpectations> = {}): Promise<string> {
    try {
      await verifyDpopProof(text, { ...expected, ...difference });
      return 'good';
    } catch (error) {
      if (!isAuthError(error)) throw error;
      return 'reason' in error ? String(error.reason) : error.code;
    }
  }

  it('gives what has to be remembered of a good proof', async () => {
    const claims = { jti: 'once', iat: nowSeconds - 10 };
    await expect(verifyDpopProof(proof({ claims }), expected)).resolves.toEqual({
      jti: 'once',
      issuedAtSeconds: nowSeconds - 10,
    });
  });

  it('accepts the proof of RFC 9449 §7.1', async () => {
    const example =
      'eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0RscEJo' +
      'RjQyVVFVZldWQVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2In19.eyJq' +
      'dGkiOiJlMWozVl9iS2ljOC1MQUVCIiwiaHRtIjoiR0VUIiwiaHR1IjoiaHR0cHM6Ly9yZXNvdXJjZS5leGFtcGxlLm9yZy9wcm90ZWN0ZWRyZXNv' +
      'dXJjZSIsImlhdCI6MTU2MjI2MjYxOCwiYXRoIjoiZlVIeU8ycjJaM0RaNTNFc05yV0JiMHhXWG9hTnk1OUlpS0NBcWtzbVFFbyJ9.2oW9RP35yRqz' +
      'hrtNP86L-Ey71EOptxRimPPToA1plemAgR6pxHF8y6-yqyVnmcw6Fy1dqd-jfxSYoMxhAJpLjA';
    const request = {
      uri: 'https://resource.example.org/protectedresource',
      token: 'Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU',
      thumbprint: '0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I',
      nowSeconds: 1_562_262_620,
    };
    expect(await verdict(example, request)).toBe('good');
    expect(await verdict(example, { ...request, token: 'another' })).toBe('token');
  });

  it('takes RSA keys, too', async () => {
    const rsa = await ProofKey.generate('RS256', clock);
    expect(await verdict(rsa.proof({ url, token }), { thumbprint: rsa.thumbprint })).toBe('good');
  });

  it.each<[string, Partial<ProofInput>]>([
    ['is 60 seconds old', { claims: { iat: nowSeconds - 60 } }],
    ['is of a client whose clock is 30 seconds ahead', { claims: { iat: nowSeconds + 30 } }],
    ['has a fraction of a second', { claims: { iat: nowSeconds - 0.5 } }],
    ['has a query and a fragment', { url: `${url}?page=2#part` }],
    ['spells the address in another way', { url: 'HTTPS://API.example.com:443/x/../%6eotes' }],
    ['has claims and header members of its own', { claims: { exp: 1, sub: 'x' }, header: { kid: 'x', jku: 'x' } }],
    ['has a nonce that nobody asked for', { nonce: 'x' }],
  ])('accepts one that %s', async (_, input) => expect(await verdict(proof(input))).toBe('good'));

  it.each<[string, Partial<ProofInput>, string]>([
    ['has no type', { header: { typ: undefined } }, 'type'],
    ['has the type of an access token', { header: { typ: 'at+jwt' } }, 'type'],
    ['has the type in another case', { header: { typ: 'DPOP+jwt' } }, 'type'],
    ['has alg none', { header: { alg: 'none' } }, 'algorithm'],
    ['has HS256', { header: { alg: 'HS256' } }, 'algorithm'],
    ['has an algorithm that is not on the list', { header: { alg: 'ES384' } }, 'algorithm'],
    ['has no algorithm', { header: { alg: undefined } }, 'algorithm'],
    ['has an algorithm of no object', { header: { alg: '__proto__' } }, 'algorithm'],
    ['has crit', { header: { crit: ['exp'] } }, 'malformed'],
    ['has b64', { header: { b64: true } }, 'malformed'],
    ['has no key', { header: { jwk: undefined } }, 'key'],
    ['has a key that is null', { header: { jwk: null } }, 'key'],
    ['has a list of keys', { header: { jwk: [{}] } }, 'key'],
    ['has a key without members', { header: { jwk: {} } }, 'key'],
    ['has a symmetric key', { header: { jwk: { kty: 'oct', k: 'AAAA' } } }, 'key'],
    ['has a key of another type', { header: { jwk: { kty: 'RSA', n: 'AQAB', e: 'AQAB' } } }, 'key'],
    ['has a point that is on no curve', { header: { jwk: { kty: 'EC', crv: 'P-256', x: 'AAAA', y: 'AAAA' } } }, 'key'],
    ['has no jti', { claims: { jti: undefined } }, 'malformed'],
    ['has an empty jti', { claims: { jti: '' } }, 'malformed'],
    ['has a jti that is a number', { claims: { jti: 1 } }, 'malformed'],
    ['has no method', { claims: { htm: undefined } }, 'malformed'],
    ['has another method', { method: 'POST' }, 'method'],
    ['has the method in another case', { method: 'get' }, 'method'],
    ['has no address', { claims: { htu: undefined } }, 'malformed'],
    ['has another address', { url: `${url}/1` }, 'uri'],
    ['has an address that is none', { url: '/notes' }, 'uri'],
    ['has no time', { claims: { iat: undefined } }, 'malformed'],
    ['has a text for its time', { claims: { iat: String(nowSeconds) } }, 'malformed'],
    ['has an infinite time', { claims: { iat: Number.POSITIVE_INFINITY } }, 'malformed'],
    ['is too old', { claims: { iat: nowSeconds - 61 } }, 'time'],
    ['is of the future', { claims: { iat: nowSeconds + 31 } }, 'time'],
    ['names no token', { claims: { ath: undefined } }, 'malformed'],
    ['names another token', { token: 'another' }, 'token'],
    ['names the token itself', { claims: { ath: token } }, 'token'],
    ['has a nonce that is no text', { claims: { nonce: 1 } }, 'malformed'],
  ])('refuses one that %s', async (_, input, reason) => expect(await verdict(proof(input))).toBe(reason));

  it.each(['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'])('refuses a key with the private member "%s"', async (name) => {
    expect(await verdict(proof({ header: { jwk: { ...key.jwk, [name]: 'AQ' } } }))).toBe('key');
  });

  it('refuses the signature of another key, and one that was changed', async () => {
    expect(await verdict(proof({ signer: await SigningKey.generate('ES256') }))).toBe('signature');
    const text = proof();
    const at = text.lastIndexOf('.') + 10;
    const changed = text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1);
    expect(await verdict(changed)).toBe('signature');
  });

  it('refuses a good proof of another key than the token is bound to', async () => {
    const other = await ProofKey.generate('ES256', clock);
    expect(await verdict(other.proof({ url, token }))).toBe('claims');
  });

  it('asks about the nonce before it looks at the signature', async () => {
    const checkNonce = (nonce: string | undefined): void => {
      if (nonce !== 'ours') throw Object.assign(new Error(), { code: 'asked' });
    };
    const foreign = proof({ nonce: 'foreign', signer: await SigningKey.generate('ES256') });
    await expect(verifyDpopProof(foreign, { ...expected, checkNonce })).rejects.toMatchObject({ code: 'asked' });
    await expect(verifyDpopProof(proof({ nonce: 'ours' }), { ...expected, checkNonce })).resolves.toBeDefined();
  });

  it.each(['', 'x', 'a.b', 'a.b.c', '..', 'a.b.c.d', 'é.é.é', '.'.repeat(20_000)])('calls %p malformed', async (text) =>
    expect(await verdict(text)).toBe('malformed'),
  );

  it('refuses a header or a payload that has a member twice', async () => {
    const encode = (text: string): string => Buffer.from(text).toString('base64url');
    const [header = '', payload = '', signature = ''] = proof().split('.');
    expect(await verdict(`${encode('{"typ":"dpop+jwt","typ":"dpop+jwt"}')}.${payload}.${signature}`)).toBe('malformed');
    expect(await verdict(`${header}.${encode('{"htm":"GET","htm":"GET"}')}.${signature}`)).toBe('malformed');
  });
});
