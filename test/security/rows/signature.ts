import { sign } from 'node:crypto';
import { invalid } from '../answers.js';
import { goodClaims, signParts } from '../forgeries.js';
import type { Row } from '../prove.js';
import { pssSigner, type PssParameters } from '../rsa-forgeries.js';
import { rsaKey } from '../rsa-keys.js';
import type { Stage } from '../stage.js';

/** The order of the curve P-256. */
const order = BigInt('0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551');
const number = (value: bigint, length = 32): Buffer =>
  Buffer.from(
    value
      .toString(16)
      .padStart(length * 2, '0')
      .slice(-length * 2),
    'hex',
  );

/** Tokens whose signature is made from a good one. */
async function resigned(stage: Stage, forge: (good: Buffer) => Buffer[], token?: string): Promise<string[]> {
  const [header = '', claims = '', signature = ''] = (token ?? (await stage.token())).split('.');
  return forge(Buffer.from(signature, 'base64url')).map(
    (bytes) => `${header}.${claims}.${bytes.toString('base64url')}`,
  );
}

/** Tokens of the RSA key with a PSS signature of these parameters. */
function pssTokens(stage: Stage, ...parameters: PssParameters[]): Promise<string>[] {
  return parameters.map(async (given) =>
    signParts({ alg: 'PS256', kid: 'rsa-1' }, await goodClaims(stage), pssSigner(rsaKey.privateKey, given)),
  );
}

/** Signatures that are none. */
export const signatureRows: Row[] = [
  {
    id: 'K01',
    what: 'ECDSA with r or s zero, the order, or beyond it',
    attack: (stage) =>
      resigned(stage, (good) => {
        const [r, s] = [good.subarray(0, 32), good.subarray(32)];
        const odd = [0n, order, order + 1n, (1n << 256n) - 1n].map((value) => number(value));
        const beyond = number(order + BigInt(`0x${r.toString('hex')}`));
        const pairs = odd.flatMap((left) => odd.map((right) => Buffer.concat([left, right])));
        return [
          ...pairs,
          ...odd.flatMap((value) => [Buffer.concat([value, s]), Buffer.concat([r, value])]),
          Buffer.concat([beyond, s]),
          Buffer.concat([s, r]),
          Buffer.concat([number(1n), number(1n)]),
        ];
      }),
    answer: invalid('signature'),
    silent: true,
  },
  {
    id: 'K01',
    what: 'ECDSA in DER, or of another length',
    attack: async (stage) => {
      const token = await stage.token();
      const input = token.slice(0, token.lastIndexOf('.'));
      const inDer = sign('sha256', Buffer.from(input), stage.issuer.signingKey.privateKey);
      return resigned(
        stage,
        (good) => [
          inDer,
          Buffer.concat([good.subarray(0, 32), Buffer.alloc(1), good.subarray(32)]),
          Buffer.concat([Buffer.alloc(1), good.subarray(0, 32), Buffer.alloc(1), good.subarray(32)]),
          good.subarray(0, 32),
          Buffer.concat([good, good]),
        ],
        token,
      );
    },
    answer: invalid('signature'),
    silent: true,
  },
  {
    id: 'K02',
    what: 'a signature cut, lengthened, emptied or changed by a bit',
    prepare: (issuer) => issuer.publish([rsaKey.jwk, issuer.signingKey.jwk]),
    attack: async (stage) => {
      const forge = (good: Buffer): Buffer[] => [
        Buffer.alloc(0),
        Buffer.alloc(good.length),
        good.subarray(1),
        good.subarray(0, -1),
        good.subarray(0, 16),
        Buffer.concat([good, Buffer.alloc(1)]),
        Buffer.concat([Buffer.alloc(1), good]),
        ...[0, 9, good.length - 1]
          .map((at) => good.map((byte, index) => (index === at ? byte ^ 1 : byte)))
          .map(Buffer.from),
      ];
      return [...(await resigned(stage, forge)), ...(await resigned(stage, forge, await stage.token({ key: rsaKey })))];
    },
    answer: invalid('signature'),
    neighbour: (stage) => [stage.token(), stage.token({ key: rsaKey })],
    silent: true,
  },
  {
    id: 'K02',
    what: 'a good signature over other claims, or another header',
    attack: async (stage) => {
      const [one, other] = [(await stage.token()).split('.'), (await stage.token({ subject: 'admin' })).split('.')];
      const header = (await stage.token({ header: { x: 1 } })).split('.')[0];
      return [`${one[0]}.${other[1]}.${one[2]}`, `${header}.${one[1]}.${one[2]}`];
    },
    answer: invalid('signature'),
    silent: true,
  },
  {
    id: 'K03',
    what: 'PS256 with a salt of another length, or another hash in the mask or the message',
    setting: { options: { algorithms: ['PS256'] } },
    prepare: (issuer) => issuer.publish([rsaKey.renamed('rsa-1', 'PS256').jwk]),
    attack: (stage) =>
      pssTokens(
        stage,
        { saltLength: 0 },
        { saltLength: 20 },
        { saltLength: 31 },
        { saltLength: 33 },
        { saltLength: 64 },
        { mgfHash: 'sha1' },
        { mgfHash: 'sha512' },
        { hash: 'sha1', saltLength: 20 },
        { hash: 'sha512', mgfHash: 'sha512', saltLength: 64 },
      ),
    answer: invalid('signature'),
    neighbour: (stage) => [...pssTokens(stage, {}), stage.token({ key: rsaKey.renamed('rsa-1', 'PS256') })],
    silent: true,
  },
];
