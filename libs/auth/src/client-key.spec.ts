import { generateKeyPairSync, type KeyPairKeyObjectResult } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { clientKeyOf } from './client-key.js';

const pemOf = ({ privateKey }: KeyPairKeyObjectResult): string =>
  privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-384' });

describe('clientKeyOf', () => {
  it.each([
    ['RSA', rsa, { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }],
    ['EC', ec, { name: 'ECDSA', namedCurve: 'P-384' }],
    ['Ed25519', generateKeyPairSync('ed25519'), { name: 'Ed25519' }],
  ])('reads %s', (_what, pair, algorithm) => {
    expect(clientKeyOf(pemOf(pair))).toMatchObject({ algorithm, kid: undefined });
  });

  it('reads a JWK with its id and algorithm', () => {
    const jwk = { ...rsa.privateKey.export({ format: 'jwk' }), kid: 'one', alg: 'PS256' };
    expect(clientKeyOf(JSON.stringify(jwk))).toMatchObject({ kid: 'one', algorithm: { name: 'RSA-PSS' } });
  });

  it.each([
    ['a public key', rsa.publicKey.export({ format: 'pem', type: 'spki' }).toString()],
    ['a public JWK', JSON.stringify(rsa.publicKey.export({ format: 'jwk' }))],
    ['a short RSA key', pemOf(generateKeyPairSync('rsa', { modulusLength: 1024 }))],
    ['a curve that nobody signs with', pemOf(generateKeyPairSync('ec', { namedCurve: 'secp256k1' }))],
    ['a key for agreement', pemOf(generateKeyPairSync('x25519'))],
    ['a cut key', pemOf(ec).slice(0, 100)],
    ['half a JWK', '{"kty":"EC"'],
    ['a symmetric JWK', '{"kty":"oct","k":"AAAA"}'],
    ['nothing', ''],
  ])('refuses %s', (_what, text) => {
    expect(clientKeyOf(text)).toBeUndefined();
  });
});
