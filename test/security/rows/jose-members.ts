import type { SigningKey } from '@nmp/auth/testing';
import { accepted, badRequest, invalid } from '../answers.js';
import { goodClaims, headerText, type Part, signParts } from '../forgeries.js';
import type { Row } from '../prove.js';
import type { Asked, Stage } from '../stage.js';

const rfc9068 = { options: { profile: 'rfc9068' } } as const;

/** Tokens that are good but for these texts or bytes in the place of their header. */
async function withHeaders(stage: Stage, texts: (key: SigningKey) => Part[]): Promise<string[]> {
  const { signingKey } = stage.issuer;
  const claims = await goodClaims(stage);
  return texts(signingKey).map((text) => signParts(text, claims, signingKey));
}

/** Tokens with one part of theirs spelled differently. */
async function respelled(stage: Stage, part: 0 | 1 | 2, spellings: (text: string) => string[]): Promise<Asked[]> {
  const parts = (await stage.token()).split('.');
  return spellings(parts[part] ?? '').map((text) => ({ token: parts.with(part, text).join('.') }));
}

const bytes = (...parts: (string | number[])[]): Buffer =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from(part))));

/** What else a header may say, and how it may be written. */
export const memberRows: Row[] = [
  {
    id: 'J16',
    what: 'crit of any form: no extension is understood',
    attack: (stage) =>
      [['exp'], ['b64'], ['unknown'], [], 'exp', null, {}, ['exp', 'exp'], ['absent'], ['alg']].map((crit) =>
        stage.token({ header: { crit, exp: 1, unknown: 1 } }),
      ),
    answer: invalid('malformed'),
    neighbour: (stage) => stage.token({ header: { unknown: 1 } }),
    silent: true,
  },
  {
    id: 'J17',
    what: 'b64, with crit and without',
    attack: (stage) => [
      stage.token({ header: { b64: false, crit: ['b64'] } }),
      stage.token({ header: { b64: false } }),
      stage.token({ header: { b64: true } }),
    ],
    answer: invalid('malformed'),
    silent: true,
  },
  {
    id: 'J18',
    what: 'compressed claims',
    attack: (stage) => [stage.token({ header: { zip: 'DEF' } }), stage.token({ header: { zip: null } })],
    answer: invalid('malformed'),
    silent: true,
  },
  {
    id: 'J19',
    what: 'an encrypted token',
    attack: async (stage) => {
      const [header] = await withHeaders(stage, ({ kid }) => [{ alg: 'RSA-OAEP', enc: 'A256GCM', kid }]);
      return `${header?.split('.')[0]}.AAAA.AAAA.AAAA.AAAA`;
    },
    answer: invalid('malformed'),
    silent: true,
  },
  {
    id: 'J20',
    what: 'a token in a token',
    attack: (stage) =>
      ['JWT', 'jwt', 'application/jwt'].map(async (cty) =>
        signParts(
          { alg: 'ES256', kid: stage.issuer.signingKey.kid, cty },
          await stage.token(),
          stage.issuer.signingKey,
        ),
      ),
    answer: invalid('malformed'),
    neighbour: (stage) => stage.token({ header: { cty: 'example' } }),
    silent: true,
  },
  {
    id: 'J21',
    what: 'JSON forms: they are no credentials of the Bearer scheme',
    attack: async (stage) => {
      const [header, payload, signature] = (await stage.token()).split('.');
      const one = { protected: header, signature };
      return [
        { payload, ...one },
        { payload, signatures: [one] },
        { payload, signatures: [one, one] },
      ].map((form) => JSON.stringify(form));
    },
    answer: badRequest,
    silent: true,
  },
  {
    id: 'J21',
    what: 'JSON forms, encoded to look like a token',
    attack: async (stage) => {
      const [header, payload, signature] = (await stage.token()).split('.');
      return Buffer.from(JSON.stringify({ payload, protected: header, signature })).toString('base64url');
    },
    answer: invalid('malformed'),
    silent: true,
  },
  {
    id: 'J22',
    what: 'types of other tokens, and no type, under the profile of RFC 9068',
    setting: rfc9068,
    attack: (stage) =>
      ['JWT', 'id_token', 'dpop+jwt', 'logout+jwt', 'secevent+jwt', 'at', 'xat+jwt', 'at+jwt2', undefined].map((typ) =>
        stage.token({ header: { typ } }),
      ),
    answer: invalid('type'),
    silent: true,
  },
  {
    id: 'J22',
    what: 'types of other tokens, and types that are no strings, under the default profile',
    attack: (stage) =>
      ['id_token', 'dpop+jwt', 'logout+jwt', 'secevent+jwt', 'hop+jwt', '', null, 1, ['JWT']].map((typ) =>
        stage.token({ header: { typ } }),
      ),
    answer: invalid('type'),
    neighbour: (stage) => ['JWT', 'jwt', 'at+jwt', undefined].map((typ) => stage.token({ header: { typ } })),
    silent: true,
  },
  {
    id: 'J23',
    what: 'the type in its long form and in any letter case is accepted',
    setting: rfc9068,
    attack: (stage) =>
      ['application/at+jwt', 'AT+JWT', 'Application/At+Jwt'].map((typ) => stage.token({ header: { typ } })),
    answer: accepted,
  },
  {
    id: 'J24',
    what: 'an ID token, wherever it can be told',
    attack: (stage) =>
      [
        { nonce: 'n-1' },
        { nonce: null },
        { token_use: 'id' },
        { typ: 'ID' },
        { typ: 'id_token' },
        { jti: 'ID.abc' },
        { typ: 'Refresh' },
        { typ: 'Logout' },
        { events: {} },
      ].map((claims) => stage.token({ claims })),
    answer: invalid('type'),
    neighbour: (stage) =>
      [{ at_hash: 'AAAA' }, { token_use: 'access' }, { typ: 'Bearer' }, { jti: 'ID.abc', cid: 'nmp-cli' }].map(
        (claims) => stage.token({ claims }),
      ),
  },
  {
    id: 'J25',
    what: 'a header member twice, also in another spelling of its name',
    attack: (stage) =>
      withHeaders(stage, (key) => [
        headerText(key, '"alg":"ES256"'),
        headerText(key, '"alg":"none"'),
        headerText(key, '"\\u0061lg":"ES256"'),
        headerText(key, `"kid":"${key.kid}"`),
        headerText(key, '"x":1', '"x":1'),
        headerText(key, '"__proto__":1', '"__proto__":1'),
      ]),
    answer: invalid('malformed'),
    neighbour: (stage) =>
      withHeaders(stage, (key) => [headerText(key), headerText(key, '"x":{"alg":1,"kid":[{"a":1},"\\":{"]}')]),
    silent: true,
  },
  {
    id: 'J26',
    what: 'a header with a byte order mark, something after it, or bytes that are no UTF-8',
    attack: (stage) =>
      withHeaders(stage, (key) => [
        bytes([0xef, 0xbb, 0xbf], headerText(key)),
        `${headerText(key)}x`,
        `${headerText(key)}{}`,
        `${headerText(key)}\0`,
        headerText(key).slice(0, -1),
        bytes(headerText(key, '"x":"').slice(0, -1), [0xff], '"}'),
        bytes(headerText(key, '"x":"').slice(0, -1), [0xc0, 0xaf], '"}'),
        bytes(headerText(key, '"x":"').slice(0, -1), [0xed, 0xa0, 0x80], '"}'),
        Buffer.from(headerText(key), 'utf16le'),
        headerText(key).replaceAll('"', "'"),
      ]),
    answer: invalid('malformed'),
    neighbour: (stage) =>
      withHeaders(stage, (key) => [` ${headerText(key)}\n`, headerText(key, '"x":"é\\ud83d\\ude00"')]),
    silent: true,
  },
  {
    id: 'J26',
    what: 'a key id with a lone surrogate',
    attack: (stage) => withHeaders(stage, ({ algorithm }) => [`{"alg":"${algorithm}","kid":"\\ud800"}`]),
    answer: invalid('key'),
  },
  {
    id: 'J27',
    what: 'base64 with + and /, a foreign last character or spare bits: in the header or the claims',
    attack: async (stage) => [
      ...(await respelled(stage, 0, spellings)),
      ...(await respelled(stage, 1, spellings)),
      ...(await withHeaders(stage, (key) => [headerText(key, '"x":"???>>>"')])).map((token) => token.replace('_', '/')),
    ],
    answer: invalid('malformed'),
    silent: true,
  },
  {
    id: 'J27',
    what: 'the same in the signature, and padding after it',
    attack: (stage) => respelled(stage, 2, (text) => [...spellings(text), `${text}=`, `${text}==`, spareBits(text)]),
    answer: invalid('signature'),
    silent: true,
  },
  {
    id: 'J27',
    what: 'padding inside, and blanks: not of the form of a token at all',
    attack: async (stage) => [
      ...(await respelled(stage, 0, (text) => [`${text}=`, `${text}==`])),
      ...(await respelled(stage, 1, (text) => [`${text}=`, `${text} `])),
      ...(await respelled(stage, 2, (text) => [`${text.slice(0, 4)} ${text.slice(4)}`, `${text}\t=`])),
    ],
    answer: badRequest,
    silent: true,
  },
  {
    id: 'J28',
    what: 'a header that is no object',
    attack: (stage) => withHeaders(stage, () => ['[]', '"x"', '1', 'null', 'true', '[{"alg":"ES256"}]', '{', ' ']),
    answer: invalid('malformed'),
    silent: true,
  },
];

/** Spellings that lenient decoders take for the same bytes, or whose length no bytes have. */
function spellings(text: string): string[] {
  return [`${text}+`, `${text}/`, `+${text}`, `${text}~`, `${text}A`.padEnd(Math.ceil(text.length / 4) * 4 + 1, 'A')];
}

/** The last character of a 64-byte signature carries four bits that mean nothing. */
function spareBits(text: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return text.slice(0, -1) + (alphabet[alphabet.indexOf(text.at(-1) ?? '') + 1] ?? '');
}
