import { generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { type Algorithm, algorithms, type AlgorithmSpec } from './algorithms.js';
import { fitsIssuer, publicKeyOf, verifySignature } from './public-key.js';

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const jwk = { ...rsa.publicKey.export({ format: 'jwk' }), kid: 'k' };
const usable = (entry: unknown, accepted: Algorithm[] = ['RS256', 'ES256']) => publicKeyOf(entry, accepted);

describe('publicKeyOf', () => {
  it.each<[string, Record<string, unknown>, Algorithm[]]>([
    ['a key without alg for every accepted algorithm of its type', {}, ['RS256', 'PS256']],
    ['a key with alg for that alone', { alg: 'PS256' }, ['PS256']],
    ['a key for signatures', { use: 'sig', key_ops: ['verify'] }, ['RS256', 'PS256']],
    ['a key with private members for its public half', { d: 'AQAB', p: 'AQAB' }, ['RS256', 'PS256']],
  ])('takes %s', (_what, members, algorithmsOfKey) => {
    const key = usable({ ...jwk, ...members }, ['RS256', 'PS256', 'ES256']);
    expect([key?.kid, key?.algorithms, key?.key.type]).toEqual(['k', algorithmsOfKey, 'public']);
  });

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['text', 'key'],
    ['a symmetric key', { kty: 'oct', k: 'c2VjcmV0' }],
    ['a key for encryption', { ...jwk, use: 'enc' }],
    ['a key that may only sign', { ...jwk, key_ops: ['sign'] }],
    ['operations that are no list', { ...jwk, key_ops: 'verify' }],
    ['an algorithm that is not accepted', { ...jwk, alg: 'RS512' }],
    ['HMAC on an RSA key', { ...jwk, alg: 'HS256' }],
    [
      'an RSA key of 1024 bits',
      generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({ format: 'jwk' }),
    ],
    ['the exponent 1', { ...jwk, e: 'AQ' }],
    ['an even exponent', { ...jwk, e: 'BA' }],
    ['an issuer that is no name', { ...jwk, issuer: ['https://idp.example.com'] }],
    ['no modulus', { ...jwk, n: undefined }],
    ['another curve', { ...ec('P-384'), kid: 'k' }],
    ['a point off its curve', { ...ec('P-256'), x: ec('P-256').x }],
    ['the point at the origin', { ...ec('P-256'), x: zeros(32), y: zeros(32) }],
  ])('refuses %s', (_what, entry) => expect(usable(entry)).toBeUndefined());

  it.each<[string | undefined, string, boolean]>([
    [undefined, 'https://idp.example.com', true],
    ['https://idp.example.com', 'https://idp.example.com', true],
    ['https://other.example', 'https://idp.example.com', false],
    ['https://login.microsoftonline.com/{tenantid}/v2.0', 'https://login.microsoftonline.com/tenant-1/v2.0', true],
    ['https://login.microsoftonline.com/{tenantid}/v2.0', 'https://login.microsoftonline.com/a/b/v2.0', false],
    ['https://login.microsoftonline.com/{tenantid}/v2.0', 'https://login.microsoftonline.com//v2.0', false],
    ['https://login.microsoftonline.com/{tenantid}/v2.0', 'https://sts.windows.net/tenant-1/', false],
  ])('a key of %s signs for %s: %p', (issuer, tokenIssuer, fits) => {
    const key = usable({ ...jwk, issuer });
    expect(key && fitsIssuer(key, tokenIssuer)).toBe(fits);
  });
});

describe('verifySignature', () => {
  const names = Object.keys(algorithms) as Algorithm[];

  it.each(names)('verifies %s and nothing altered', async (name) => {
    const { key: needs, digest, options }: AlgorithmSpec = algorithms[name];
    const pair = needs.kty === 'RSA' ? rsa : generateKeyPairSync('ec', { namedCurve: needs.crv });
    const key = publicKeyOf(pair.publicKey.export({ format: 'jwk' }), [name]);
    if (key === undefined) throw new Error('unusable');
    const signature = sign(digest, Buffer.from('a.b'), { key: pair.privateKey, ...options });
    const altered = Buffer.from(signature);
    altered[10] = (altered[10] ?? 0) ^ 1;
    const verdicts = [
      signature,
      altered,
      signature.subarray(1),
      Buffer.concat([signature, Buffer.of(0)]),
      Buffer.alloc(0),
    ];
    expect(await Promise.all(verdicts.map((bytes) => verifySignature(key, name, 'a.b', bytes)))).toEqual([
      true,
      false,
      false,
      false,
      false,
    ]);
    expect(await verifySignature(key, name, 'a.c', signature)).toBe(false);
  });

  it('refuses ECDSA signatures of zeros and in DER', async () => {
    const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const key = publicKeyOf(pair.publicKey.export({ format: 'jwk' }), ['ES256']);
    if (key === undefined) throw new Error('unusable');
    const der = sign('sha256', Buffer.from('a.b'), pair.privateKey);
    expect(await verifySignature(key, 'ES256', 'a.b', Buffer.alloc(64))).toBe(false);
    expect(await verifySignature(key, 'ES256', 'a.b', der)).toBe(false);
  });

  it('refuses an RSA signature without its leading zero', async () => {
    const key = publicKeyOf(jwk, ['PS256']);
    if (key === undefined) throw new Error('unusable');
    let signature = Buffer.of(1);
    // One in 256 begins with a zero, for the salt is another each time.
    while (signature[0] !== 0) {
      signature = sign('sha256', Buffer.from('a.b'), { key: rsa.privateKey, ...algorithms.PS256.options });
    }
    expect(await verifySignature(key, 'PS256', 'a.b', signature)).toBe(true);
    expect(await verifySignature(key, 'PS256', 'a.b', signature.subarray(1))).toBe(false);
  });

  it('refuses PSS signatures with another salt length', async () => {
    const key = publicKeyOf(jwk, ['PS256']);
    if (key === undefined) throw new Error('unusable');
    const signature = (saltLength: number): Buffer =>
      sign('sha256', Buffer.from('a.b'), { key: rsa.privateKey, ...algorithms.PS256.options, saltLength });
    expect(await verifySignature(key, 'PS256', 'a.b', signature(32))).toBe(true);
    expect(await verifySignature(key, 'PS256', 'a.b', signature(20))).toBe(false);
  });
});

function ec(namedCurve: string): Record<string, unknown> {
  return { ...generateKeyPairSync('ec', { namedCurve }).publicKey.export({ format: 'jwk' }) };
}

function zeros(bytes: number): string {
  return Buffer.alloc(bytes).toString('base64url');
}
