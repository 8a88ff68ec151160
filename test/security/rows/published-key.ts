import { generateKeyPairSync, type JsonWebKey, sign } from 'node:crypto';
import { expect } from '@jest/globals';
import { SigningKey, type TestIssuer } from '@nmp/auth/testing';
import { invalid } from '../answers.js';
import { goodClaims, hmacParts, signParts, type Signer } from '../forgeries.js';
import type { Row } from '../prove.js';
import { exponentOneSigner, rocaKey } from '../rsa-forgeries.js';
import { rsaKey } from '../rsa-keys.js';
import type { Stage } from '../stage.js';

const second = await SigningKey.generate('ES256', 'odd');

/** Publishes entries beside the issuer's own good key, which must go on working. */
const beside =
  (...entries: unknown[]) =>
  (issuer: TestIssuer): void =>
    issuer.publish([...entries, issuer.signingKey.jwk]);

async function signedBy(stage: Stage, header: Record<string, unknown>, signer: Signer): Promise<string> {
  return signParts(header, await goodClaims(stage), signer);
}

/** RSA keys that are too short, with a signer each. */
const short = [1024, 2040].map((modulusLength) => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength });
  const kid = `rsa-${modulusLength}`;
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid, alg: 'RS256' };
  return { kid, jwk, sign: (input: string) => sign('sha256', Buffer.from(input), privateKey) };
});

const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' });
const p384Jwk = p384.publicKey.export({ format: 'jwk' });
const p384Signer: Signer = {
  sign: (input) => sign('sha256', Buffer.from(input), { key: p384.privateKey, dsaEncoding: 'ieee-p1363' }),
};
const roca = rocaKey();
const zero = Buffer.alloc(32).toString('base64url');
const offCurve = (changes: JsonWebKey): JsonWebKey => ({ ...second.jwk, ...changes });

const privateJwk = { ...second.privateKey.export({ format: 'jwk' }), kid: 'odd', alg: 'ES256' };

/** Entries of a key set that may not be used as what they are, or as what they pretend. */
export const publishedKeyRows: Row[] = [
  {
    id: 'K04',
    what: 'RSA keys under 2048 bits',
    prepare: beside(...short.map(({ jwk }) => jwk), rsaKey.jwk),
    attack: (stage) => short.map((key) => signedBy(stage, { alg: 'RS256', kid: key.kid }, key)),
    answer: invalid('key'),
    neighbour: (stage) => stage.token({ key: rsaKey }),
  },
  {
    id: 'K05',
    what: 'RSA with the exponent 1, for which anybody can sign, or an even one',
    prepare: beside(
      { ...rsaKey.jwk, kid: 'e1', e: 'AQ' },
      { ...rsaKey.jwk, kid: 'e2', e: 'Ag' },
      { ...rsaKey.jwk, kid: 'e65536', e: 'AQAA' },
      { ...rsaKey.jwk, kid: 'e0', e: '' },
      rsaKey.jwk,
    ),
    attack: (stage) => [
      signedBy(stage, { alg: 'RS256', kid: 'e1' }, exponentOneSigner),
      ...['e0', 'e2', 'e65536'].map((kid) => stage.token({ key: rsaKey.renamed(kid) })),
    ],
    answer: invalid('key'),
    neighbour: (stage) => stage.token({ key: rsaKey }),
  },
  {
    id: 'K05',
    what: 'RSA with a modulus that can be factored (ROCA)',
    prepare: beside({ ...roca.jwk, kid: 'roca', alg: 'RS256' }, rsaKey.jwk),
    attack: (stage) => signedBy(stage, { alg: 'RS256', kid: 'roca' }, roca),
    answer: invalid('key'),
    neighbour: (stage) => stage.token({ key: rsaKey }),
  },
  {
    id: 'K06',
    what: 'points that are not on the curve, or of another curve than they say or the algorithm needs',
    prepare: beside(
      offCurve({ kid: 'y', y: second.jwk.x }),
      offCurve({ kid: 'zero', x: zero, y: zero }),
      offCurve({ kid: 'short', x: 'AQ' }),
      offCurve({ kid: 'no-y', y: undefined }),
      { ...p384Jwk, kid: 'p384', alg: 'ES256' },
      { ...p384Jwk, kid: 'p384-any' },
      { ...p384Jwk, kid: 'p384-as-p256', crv: 'P-256', alg: 'ES256' },
      { ...second.jwk, kid: 'p256-as-p384', crv: 'P-384' },
    ),
    attack: (stage) => [
      ...['y', 'zero', 'short', 'no-y', 'p256-as-p384'].map((kid) => stage.token({ key: second.renamed(kid) })),
      ...['p384', 'p384-any', 'p384-as-p256'].map((kid) => signedBy(stage, { alg: 'ES256', kid }, p384Signer)),
    ],
    answer: invalid('key'),
  },
  {
    id: 'K07',
    what: 'a secret in the key set, with an HMAC',
    prepare: beside(
      { kty: 'oct', kid: 'oct', alg: 'HS256', k: 'c2VjcmV0' },
      { kty: 'oct', kid: 'oct-es', alg: 'ES256', k: 'c2VjcmV0' },
    ),
    attack: async (stage) => hmacParts({ alg: 'HS256', kid: 'oct' }, await goodClaims(stage), 'secret'),
    answer: invalid('algorithm'),
    silent: true,
  },
  {
    id: 'K07',
    what: 'a secret in the key set under an accepted algorithm',
    prepare: beside({ kty: 'oct', kid: 'oct', alg: 'ES256', k: 'c2VjcmV0' }),
    attack: async (stage) => hmacParts({ alg: 'ES256', kid: 'oct' }, await goodClaims(stage), 'secret'),
    answer: invalid('key'),
  },
  {
    id: 'K08',
    what: 'keys for encryption, or not for verifying, also where use and key_ops disagree',
    prepare: beside(
      ...[
        { use: 'enc' },
        { use: 'tls' },
        { use: '' },
        { use: 1 },
        { use: undefined, key_ops: ['encrypt'] },
        { use: undefined, key_ops: [] },
        { use: undefined, key_ops: 'verify' },
        { use: 'sig', key_ops: ['sign'] },
        { use: 'enc', key_ops: ['verify'] },
      ].map((members, at) => ({ ...second.jwk, kid: `odd-${at}`, ...members })),
      { ...second.jwk, kid: 'good-1', key_ops: ['verify'] },
      { ...second.jwk, kid: 'good-2', use: undefined, key_ops: ['sign', 'verify'] },
      { ...second.jwk, kid: 'good-3', use: undefined },
    ),
    attack: (stage) => Array.from({ length: 9 }, (_, at) => stage.token({ key: second.renamed(`odd-${at}`) })),
    answer: invalid('key'),
    neighbour: (stage) => [1, 2, 3].map((at) => stage.token({ key: second.renamed(`good-${at}`) })),
  },
  {
    id: 'K09',
    what: 'a private key in the key set: only its public half is used, and nothing of it shows',
    prepare: beside(privateJwk),
    attack: async (stage) => {
      expect(stage.lines.join('\n')).not.toContain(privateJwk.d);
      return stage.token({ key: await SigningKey.generate('ES256', 'odd') });
    },
    answer: invalid('signature'),
    neighbour: (stage) => stage.token({ key: second }),
    silent: true,
  },
  {
    id: 'K09',
    what: 'the operator is warned of it, once',
    prepare: beside(privateJwk),
    attack: (stage) => expect(stage.lines.filter((line) => /private/i.test(line))).toHaveLength(1),
    answer: invalid('key'),
    neighbour: (stage) => stage.token({ key: second }),
  },
];
