import { badRequest, invalid } from '../answers.js';
import { encodePart, goodClaims, hmacParts, secp256k1Token } from '../forgeries.js';
import type { Row } from '../prove.js';
import { rsaKey } from '../rsa-keys.js';
import type { Stage } from '../stage.js';

const spki = rsaKey.publicKey.export({ format: 'pem', type: 'spki' });
const pkcs1 = rsaKey.publicKey.export({ format: 'pem', type: 'pkcs1' });
const rsaToken = (stage: Stage, header: Record<string, unknown> = {}): Promise<string> =>
  stage.token({ key: rsaKey, header });

/** Every text and spelling of the public key that some library took for a secret. */
const publicSecrets: (string | Buffer)[] = [
  spki,
  pkcs1,
  spki.toString().trim(),
  `\n${spki.toString()}`,
  ` ${spki.toString()}`,
  spki.toString().replaceAll('\n', '\r\n'),
  rsaKey.publicKey.export({ format: 'der', type: 'spki' }),
  rsaKey.publicKey.export({ format: 'der', type: 'pkcs1' }),
  JSON.stringify(rsaKey.jwk),
  String(rsaKey.jwk.n),
  Buffer.from(String(rsaKey.jwk.n), 'base64url'),
  '',
];

/** The algorithm is chosen by the configuration, never by the token. */
export const algorithmRows: Row[] = [
  {
    id: 'J01',
    what: 'alg none in every spelling, with no signature or any',
    attack: async (stage) => {
      const [, claims = '', signature = ''] = (await stage.token()).split('.');
      const spellings = ['none', 'None', 'nOnE', 'NONE', ' none', 'none\0', ''];
      const headers = spellings.map((alg) => encodePart({ alg, kid: stage.issuer.signingKey.kid }));
      return headers.flatMap((header) => [`${header}.${claims}.`, `${header}.${claims}.${signature}`]);
    },
    answer: invalid('algorithm'),
    silent: true,
  },
  {
    id: 'J01',
    what: 'no signature under an accepted algorithm',
    attack: async (stage) => (await stage.token()).replace(/[^.]*$/, ''),
    answer: invalid('signature'),
    silent: true,
  },
  {
    id: 'J02',
    what: 'HS256 with the public key as its secret',
    prepare: (issuer) => issuer.publish([rsaKey.jwk]),
    attack: async (stage) => {
      const claims = await goodClaims(stage);
      return publicSecrets.map((secret) => hmacParts({ alg: 'HS256', typ: 'JWT', kid: 'rsa-1' }, claims, secret));
    },
    answer: invalid('algorithm'),
    neighbour: (stage) => rsaToken(stage),
    silent: true,
  },
  {
    id: 'J02',
    what: 'an HMAC under the name of the asymmetric algorithm',
    prepare: (issuer) => issuer.publish([rsaKey.jwk]),
    attack: async (stage) => {
      const claims = await goodClaims(stage);
      return publicSecrets.map((secret) => hmacParts({ alg: 'RS256', typ: 'JWT', kid: 'rsa-1' }, claims, secret));
    },
    answer: invalid('signature'),
    neighbour: (stage) => rsaToken(stage),
    silent: true,
  },
  {
    id: 'J03',
    what: 'an HMAC with the client id or a client secret',
    attack: async (stage) => {
      const claims = await goodClaims(stage);
      const secrets = ['nmp-cli', 'the-client-secret', 'secret'];
      return secrets.flatMap((secret) => [
        hmacParts({ alg: 'HS256', typ: 'JWT' }, claims, secret),
        hmacParts({ alg: 'HS512', typ: 'JWT' }, claims, secret, 'sha512'),
      ]);
    },
    answer: invalid('algorithm'),
    silent: true,
  },
  {
    id: 'J04',
    what: 'an algorithm that is not on the list, although the key would verify it',
    prepare: (issuer) => {
      const { alg: _alg, ...anyAlgorithm } = rsaKey.jwk;
      issuer.publish([anyAlgorithm]);
    },
    attack: async (stage) => [
      ...(['PS256', 'RS384', 'RS512', 'PS512'] as const).map((alg) =>
        stage.token({ key: rsaKey.renamed('rsa-1', alg) }),
      ),
      secp256k1Token({ alg: 'ES256K', kid: 'rsa-1' }, await goodClaims(stage)),
    ],
    answer: invalid('algorithm'),
    neighbour: (stage) => rsaToken(stage),
    silent: true,
  },
  {
    id: 'J05',
    what: 'an accepted algorithm that is not the one its key is for',
    setting: { options: { algorithms: ['RS256', 'PS256', 'RS512'] } },
    prepare: (issuer) => issuer.publish([rsaKey.jwk]),
    attack: (stage) => [
      stage.token({ key: rsaKey.renamed('rsa-1', 'PS256') }),
      stage.token({ key: rsaKey.renamed('rsa-1', 'RS512') }),
    ],
    answer: invalid('key'),
    neighbour: (stage) => rsaToken(stage),
  },
  {
    id: 'J06',
    what: 'a key without alg serves the listed algorithms of its own type, and no other',
    setting: { options: { algorithms: ['RS256', 'PS256', 'ES256'] } },
    prepare: (issuer) => {
      const { alg: _alg, ...anyAlgorithm } = rsaKey.jwk;
      issuer.publish([anyAlgorithm]);
    },
    attack: (stage) => [
      stage.token({ header: { alg: 'ES256', kid: 'rsa-1' } }),
      stage.token({ header: { alg: 'ES256', kid: undefined } }),
    ],
    answer: invalid('key'),
    neighbour: (stage) => [rsaToken(stage), stage.token({ key: rsaKey.renamed('rsa-1', 'PS256') })],
  },
  {
    id: 'J06',
    what: 'a signature of one algorithm under the name of another',
    setting: { options: { algorithms: ['RS256', 'PS256'] } },
    prepare: (issuer) => {
      const { alg: _alg, ...anyAlgorithm } = rsaKey.jwk;
      issuer.publish([anyAlgorithm]);
    },
    attack: (stage) => rsaToken(stage, { alg: 'PS256' }),
    answer: invalid('signature'),
    neighbour: (stage) => rsaToken(stage),
    silent: true,
  },
  {
    id: 'J07',
    what: 'alg missing, of another type, or a name that every object has',
    attack: (stage) =>
      [undefined, 256, null, true, ['ES256'], { ES256: 1 }, '__proto__', 'constructor', 'toString', 'es256'].map(
        (alg) => stage.token({ header: { alg } }),
      ),
    answer: invalid('algorithm'),
    silent: true,
  },
  {
    id: 'J08',
    what: 'alg in an unprotected header: JSON forms are no credentials of the Bearer scheme',
    attack: async (stage) => {
      const [, payload = '', signature = ''] = (await stage.token()).split('.');
      return JSON.stringify({ header: { alg: 'ES256' }, protected: encodePart({}), payload, signature });
    },
    answer: badRequest,
    silent: true,
  },
  {
    id: 'J08',
    what: 'alg in the claims only',
    attack: (stage) => stage.token({ header: { alg: undefined }, claims: { alg: 'ES256', header: { alg: 'ES256' } } }),
    answer: invalid('algorithm'),
    neighbour: (stage) => stage.token({ claims: { alg: 'none' } }),
    silent: true,
  },
];
