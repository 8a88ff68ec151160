import type { INestApplication } from '@nestjs/common';
import { invalid, noCredentials } from '../answers.js';
import type { Row } from '../prove.js';

const form = 'Content-Type: application/x-www-form-urlencoded';
const preflight = [
  'Origin: https://app.example.com',
  'Access-Control-Request-Method: GET',
  'Access-Control-Request-Headers: authorization',
];

/** Tokens in other places than the header, and requests past the routes. */
export const elsewhereRows: Row[] = [
  {
    id: 'T12',
    what: 'a token in the query is not read',
    attack: async (stage) => ({ path: `/?access_token=${await stage.token()}` }),
    answer: noCredentials,
  },
  {
    id: 'T13',
    what: 'not offered, ignored: the query parameter twice or as a list',
    attack: async (stage) => {
      const token = await stage.token();
      return [
        { path: `/?access_token=${token}&access_token=${token}` },
        { path: `/?access_token[]=${token}` },
        { path: `/?Authorization=Bearer%20${token}` },
      ];
    },
    answer: noCredentials,
    neighbour: async (stage) => ({ path: '/?access_token=a&access_token=b', token: await stage.token() }),
  },
  {
    id: 'T14',
    what: 'not offered, ignored: a good token in query or form beside a bad one in the header',
    attack: async (stage) => {
      const [token, body] = [await stage.token({ audience: 'other' }), `access_token=${await stage.token()}`];
      return [
        { path: `/?${body}`, token },
        { method: 'POST', path: '/form', token, lines: [form], body },
      ];
    },
    answer: invalid('audience'),
    neighbour: async (stage) => {
      const [token, body] = [await stage.token(), 'access_token=garbage'];
      return [
        { path: `/?${body}`, token },
        { method: 'POST', path: '/form', token, lines: [form], body },
      ];
    },
  },
  {
    id: 'T15',
    what: 'not offered, ignored: a token in a form, with POST or GET, or of a wrong content type',
    attack: async (stage) => {
      const body = `access_token=${await stage.token()}`;
      return [
        { method: 'POST', path: '/form', lines: [form], body },
        { lines: [form], body },
        { method: 'POST', path: '/form', lines: ['Content-Type: application/json'], body: JSON.stringify({ body }) },
      ];
    },
    answer: noCredentials,
    neighbour: async (stage) => ({
      method: 'POST',
      path: '/form',
      token: await stage.token(),
      lines: [form],
      body: 'a=b',
    }),
  },
  {
    id: 'T15',
    what: 'not offered, ignored: a token in a multipart form; a server without a parser for it may say so first',
    attack: async (stage) => ({
      method: 'POST',
      path: '/form',
      lines: ['Content-Type: multipart/form-data; boundary=x'],
      body: `--x\r\nContent-Disposition: form-data; name="access_token"\r\n\r\n${await stage.token()}\r\n--x--\r\n`,
    }),
    answer: { status: [401, 415] },
  },
  {
    id: 'T16',
    what: 'not offered, ignored: no request with its token in the query ever gets a 2xx answer that a cache could keep',
    attack: async (stage) => [
      { path: `/?access_token=${await stage.token()}` },
      { path: `/headers?access_token=${await stage.token()}` },
    ],
    answer: noCredentials,
  },
  {
    id: 'T23',
    what: 'not offered, ignored: a token in a cookie, of a request from another site',
    attack: async (stage) => {
      const token = await stage.token();
      const site = ['Origin: https://evil.example', 'Sec-Fetch-Site: cross-site', form];
      return ['access_token', 'token', 'Authorization'].map((name) => ({
        method: 'POST',
        path: '/form',
        lines: [...site, `Cookie: ${name}=${token}`],
        body: 'a=b',
      }));
    },
    answer: noCredentials,
    neighbour: async (stage) => ({ token: await stage.token(), lines: ['Cookie: access_token=garbage'] }),
  },
  {
    id: 'T21',
    what: 'a preflight reaches no handler without a token, although the handler takes every method',
    attack: () => ({ method: 'OPTIONS', lines: preflight }),
    answer: noCredentials,
    neighbour: async (stage) => ({ method: 'OPTIONS', lines: preflight, token: await stage.token() }),
  },
  {
    id: 'T21',
    what: 'a preflight that the application answers reaches no handler either',
    setting: { configure: (app: INestApplication) => app.enableCors() },
    attack: () => ({ method: 'OPTIONS', lines: preflight }),
    answer: { status: 204 },
  },
  {
    id: 'T22',
    what: 'a path is public by its route alone: other spellings lead to a closed route or to none',
    attack: () =>
      [
        '/orders/',
        '/ORDERS',
        '//orders',
        '/orders;x=/open',
        '/orders?/open',
        '/orders#/open',
        '/%6frders',
        '/open/../orders',
        '/open/..%2forders',
        '/open%2f..%2forders',
        '/open/%2e%2e/orders',
        '/open;/../orders',
        '/orders%00/open',
        '/orders%23/open',
      ].map((path) => ({ path })),
    answer: { status: [401, 404, 400] },
    neighbour: () => ({ path: '/open' }),
  },
];
