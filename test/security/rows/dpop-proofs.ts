import { type ProofInput, SigningKey } from '@nmp/auth/testing';
import { accepted, badRequest } from '../answers.js';
import { badProof, BoundClient, invalidBound, rootUrl, withDpop } from '../bound-client.js';
import type { Row } from '../prove.js';
import type { Asked, Stage } from '../stage.js';

const good = async (stage: Stage): Promise<Asked> => (await BoundClient.of(stage)).asked();

/** Requests with proofs of which one thing each is odd. */
function odd(...inputs: Partial<ProofInput>[]): Row['attack'] {
  return async (stage) => {
    const client = await BoundClient.of(stage);
    return inputs.map((input) => client.asked(input));
  };
}

/** The same, for addresses. */
const addressed = (...urls: string[]): Row['attack'] => odd(...urls.map((url) => ({ url })));

const forged = [
  'Host: evil.example',
  'X-Forwarded-Host: evil.example',
  'X-Forwarded-Proto: http',
  'Forwarded: host=evil.example;proto=http',
  'X-Forwarded-Prefix: /evil',
  'X-Original-URL: /evil',
];

const row = (id: string, what: string, attack: Row['attack'], more: Partial<Row> = {}): Row => ({
  id,
  what,
  setting: withDpop,
  attack,
  answer: badProof,
  neighbour: good,
  ...more,
});

/** What is wrong with a proof itself. */
export const proofRows: Row[] = [
  row('P02', 'no proof, or an empty one', async (stage) => {
    const client = await BoundClient.of(stage);
    return [client.askedWith([]), client.askedWith([''])];
  }),
  row(
    'P02',
    'two proofs, in two headers',
    async (stage) => {
      const client = await BoundClient.of(stage);
      return client.askedWith([client.proof(), client.proof()]);
    },
    { answer: { ...badRequest, challenge: /^DPoP realm="nmp", error="invalid_request"/ } },
  ),
  row('P02', 'two proofs in one header', async (stage) => {
    const client = await BoundClient.of(stage);
    return client.askedWith([`${client.proof()}, ${client.proof()}`]);
  }),
  row(
    'P03',
    'another type',
    odd({ header: { typ: undefined } }, { header: { typ: 'JWT' } }, { header: { typ: 'at+jwt' } }),
  ),
  row(
    'P03',
    'no algorithm, or a symmetric one',
    odd(...['none', 'None', 'HS256', undefined].map((alg) => ({ header: { alg } }))),
  ),
  row('P03', 'no key, a malformed one, or a secret one', async (stage) => {
    const client = await BoundClient.of(stage);
    const { jwk } = client.key;
    const keys = [
      undefined,
      null,
      'x',
      [],
      {},
      { ...jwk, y: 'AAAA' },
      { ...jwk, kty: 'oct', k: 'AA' },
      { ...jwk, d: 'AA' },
    ];
    return keys.map((key) => client.asked({ header: { jwk: key } }));
  }),
  row('P03', 'the signature of another key', async (stage) => {
    const client = await BoundClient.of(stage);
    return client.asked({ signer: await SigningKey.generate('ES256') });
  }),
  row(
    'P04',
    'another method, or the same in small letters',
    odd({ method: 'POST' }, { method: 'get' }, { method: 'GET ' }),
  ),
  row('P04', 'the proof of a GET with a POST', async (stage) => {
    const client = await BoundClient.of(stage);
    return client.asked({}, { method: 'POST', lines: ['Content-Length: 0'] });
  }),
  row(
    'P05',
    'another address',
    addressed(
      'https://api.example.org/notes/',
      'http://api.example.com/notes/',
      'https://api.example.com:8443/notes/',
      'https://api.example.com/notes',
      'https://api.example.com/',
      'https://api.example.com/Notes/',
      'https://user@api.example.com/notes/',
      'https://api.example.com/notes\\',
      '/notes/',
      '',
    ),
  ),
  row(
    'P05',
    'another spelling of the address, with a query, is the same',
    addressed(
      'HTTPS://API.Example.COM/notes/',
      'https://api.example.com:443/notes/',
      'https://api.example.com/%6eotes/',
      'https://api.example.com/x/../notes/',
      `${rootUrl}?page=2`,
      `${rootUrl}#part`,
    ),
    { answer: accepted },
  ),
  row(
    'P06',
    'a captured proof for another host, with every header that could name it',
    async (stage) => {
      const client = await BoundClient.of(stage);
      const urls = [
        'http://evil.example/',
        'https://evil.example/notes/',
        'http://evil.example/evil',
        'http://127.0.0.1/',
      ];
      return urls.map((url) => client.asked({ url }, { lines: forged }));
    },
    { neighbour: async (stage) => (await BoundClient.of(stage)).asked({}, { lines: forged }) },
  ),
  row('P06', 'a target that names a host', async (stage) => {
    const client = await BoundClient.of(stage);
    return client.asked({ url: 'http://evil.example/' }, { path: 'http://evil.example/' });
  }),
  row('P07', 'too old, of the future, without a time, or with a text for one', async (stage) => {
    const times = [stage.now - 61, stage.now + 31, undefined, String(stage.now), null];
    return odd(...times.map((iat) => ({ claims: { iat } })))(stage);
  }),
  row(
    'P07',
    'as old, or as far ahead, as is allowed',
    (stage) => odd(...[stage.now - 60, stage.now + 30].map((iat) => ({ claims: { iat } })))(stage),
    { answer: accepted },
  ),
  row('P08', 'for no token, or for another', async (stage) => {
    const client = await BoundClient.of(stage);
    const other = await stage.token();
    return [
      client.asked({ claims: { ath: undefined } }),
      client.asked({ claims: { ath: 'x' } }),
      client.asked({ claims: { ath: 1 } }),
      client.asked({ token: other }),
      client.asked({ token: `${client.token} ` }),
    ];
  }),
  row(
    'P09',
    'of another key than the token is bound to',
    async (stage) => {
      const [client, thief] = await Promise.all([BoundClient.of(stage), BoundClient.of(stage)]);
      return client.askedWith([thief.proof({ token: client.token })]);
    },
    { answer: invalidBound },
  ),
];
