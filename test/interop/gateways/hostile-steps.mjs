import { deepEqual, equal, notEqual, ok } from 'node:assert/strict';
import { IDENTITY_HEADERS } from '@nmp/tokens';
import { send, sendRaw, statusesOf } from './client.mjs';

const whoami = '/apis/models/whoami';
const train = '/apis/models/train';
/** Some answer nothing to what they cannot read, and wait for more. */
const quietMs = 400;

/** What an attacker tries, and never gets another identity by. */
export const hostileSteps = {
  'two tokens in one request': async (passage) => {
    const [alice, bob] = await Promise.all(['alice', 'bob'].map((subject) => passage.token({ subject })));
    for (const pair of [
      [alice, bob],
      [alice, 'nonsense'],
      ['nonsense', alice],
    ]) {
      const headers = pair.map((token) => ['Authorization', `Bearer ${token}`]);
      const { result, arrivals } = await passage.arrivalsOf(() => passage.send({ path: whoami, headers }));
      deepEqual([result.status, arrivals], [passage.answers.twoTokens, []], result.text);
    }
  },

  'Connection names no header of the gateway’s': async (passage) => {
    const token = await passage.token({ subject: 'alice', groups: ['team-ml'], scope: 'openid platform:read' });
    const usual = await passage.send({ path: whoami, token });
    for (const name of [...IDENTITY_HEADERS, 'X-Gateway-Secret', 'Authorization', 'X-NMP-Hop-Token']) {
      for (const value of [`close, ${name}`, `${name.toLowerCase()},close`]) {
        const text = await sendRaw(passage.port, [
          `GET ${whoami} HTTP/1.1`,
          'Host: 127.0.0.1',
          `Authorization: Bearer ${token}`,
          `Connection: ${value}`,
          '',
          '',
        ]);
        const [status] = statusesOf(text);
        if (status === 200) ok(text.includes(usual.text), `${value}: ${text}`);
        else ok(status >= 400 && status < 500, `${value}: ${text}`);
      }
    }
  },

  'nor in an upgrade to WebSocket': async (passage) => {
    const token = await passage.token({ subject: 'alice', groups: ['team-ml'], scope: 'openid platform:read' });
    const namesFor = async (connection) => {
      const { result, arrivals } = await passage.arrivalsOf(() =>
        sendRaw(
          passage.port,
          [
            `GET ${whoami} HTTP/1.1`,
            'Host: 127.0.0.1',
            `Authorization: Bearer ${token}`,
            `Connection: ${connection}`,
            'Upgrade: websocket',
            'Sec-WebSocket-Version: 13',
            'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
            '',
            '',
          ],
          quietMs,
        ),
      );
      const names = arrivals.flatMap(({ rawHeaders }) => rawHeaders.filter((_, at) => at % 2 === 0));
      return { status: statusesOf(result)[0], names: names.map((name) => name.toLowerCase()).toSorted() };
    };
    const usual = await namesFor('Upgrade');
    equal(usual.status, 101);
    for (const name of ['X-NMP-Scopes', 'X-NMP-Principal-Groups', 'Authorization', 'X-Gateway-Secret']) {
      const { status, names } = await namesFor(`Upgrade, ${name}`);
      if (status === 101) deepEqual(names, usual.names, name);
      else ok(status >= 400 && status < 500, `${name}: ${status}`);
    }
  },

  'one request after the other on one connection': async (passage) => {
    const [alice, bob] = await Promise.all(['alice', 'bob'].map((subject) => passage.token({ subject })));
    const get = (...more) => [`GET ${whoami} HTTP/1.1`, 'Host: 127.0.0.1', ...more, ''];
    const text = await sendRaw(passage.port, [
      ...get(`Authorization: Bearer ${alice}`),
      ...get('X-NMP-Principal-Id: mallory'),
      ...get(`Authorization: Bearer ${bob}`),
      ...get('Connection: close', 'X-NMP-Principal-Id: mallory'),
      '',
    ]);
    deepEqual(statusesOf(text), [200, 401, 200, 401], text);
    deepEqual(
      [...text.matchAll(/"id":"(\w+)"/g)].map(([, id]) => id),
      ['alice', 'bob'],
    );
  },

  'a request in the body of another': async (passage) => {
    const token = await passage.token({ subject: 'alice' });
    for (const framing of ambiguousFramings) {
      const { result, arrivals } = await passage.arrivalsOf(() =>
        sendRaw(
          passage.port,
          [
            `POST ${train} HTTP/1.1`,
            'Host: 127.0.0.1',
            `Authorization: Bearer ${token}`,
            'Content-Type: application/json',
            ...framing,
            '',
            '0',
            '',
            `GET ${whoami} HTTP/1.1`,
            'Host: 127.0.0.1',
            ...IDENTITY_HEADERS.map((name) => `${name}: mallory@example.com`),
            '',
            '',
          ],
          quietMs,
        ),
      );
      ok(!result.includes('mallory'), `${framing.join(' | ')}: ${result}`);
      const smuggled = arrivals.filter(({ url }) => url.includes('whoami'));
      deepEqual(smuggled, [], framing.join(' | '));
    }
  },

  'a header in the line of another': async (passage) => {
    const token = await passage.token({ subject: 'alice' });
    for (const lines of brokenLines) {
      for (const bearer of [[], [`Authorization: Bearer ${token}`]]) {
        const text = await sendRaw(
          passage.port,
          [`GET ${whoami} HTTP/1.1`, 'Host: 127.0.0.1', 'Connection: close', ...bearer, ...lines, '', ''],
          quietMs,
        );
        const [status = 400] = statusesOf(text);
        ok(!text.includes('"id":"mallory'), `${JSON.stringify(lines)}: ${text}`);
        if (status === 200) ok(bearer.length > 0 && text.includes('"id":"alice"'), text);
      }
    }
  },

  'another way to write the path of the service': async (passage) => {
    for (const path of waysRound) {
      const { status, text } = await passage.send({ path, headers: [['X-NMP-Principal-Id', 'mallory']] });
      ok(status !== 200 || !text.includes('"id"'), `${path}: ${status} ${text}`);
      ok(!text.includes('mallory'), path);
    }
  },

  'another way to write what is not for outside': async (passage) => {
    const token = await passage.token({ subject: 'admin', email: 'admin@example.com' });
    const bundle = '/internal/iam/opa-bundle.tar.gz';
    equal((await send(passage.backstage.platformPort, { path: bundle, token })).status, 200);
    for (const path of waysInside) {
      const { status } = await passage.send({ path, token });
      notEqual(status, 200, path);
    }
  },
};

const ambiguousFramings = [
  ['Content-Length: 5', 'Transfer-Encoding: chunked'],
  ['Transfer-Encoding: chunked', 'Content-Length: 5'],
  ['Content-Length: 5', 'Transfer-Encoding : chunked'],
  ['Content-Length: 5', 'Transfer-Encoding: xchunked'],
  ['Content-Length: 5', 'Transfer-Encoding: chunked, identity'],
  ['Content-Length: 5', 'Transfer-Encoding: identity, chunked'],
  ['Content-Length: 5', 'Transfer_Encoding: chunked'],
  ['Content-Length: 5', 'Transfer-Encoding:\x0bchunked'],
  ['Content-Length: 5', 'X: y\rTransfer-Encoding: chunked'],
  ['Content-Length: 5', 'Content-Length: 300'],
  ['Content-Length: 5, 300'],
  ['Content-Length: +5'],
];

const brokenLines = [
  ['X-NMP-Principal-Id : mallory'],
  ['X-NMP-Principal-Id\t: mallory'],
  [' X-NMP-Principal-Id: mallory'],
  ['X-Other: 1', ' X-NMP-Principal-Id: mallory'],
  ['X-NMP-Principal-Id:', ' mallory'],
  ['X-Other: 1\nX-NMP-Principal-Id: mallory'],
  ['X-Other: 1\rX-NMP-Principal-Id: mallory'],
  ['X-Other: 1\0X-NMP-Principal-Id: mallory'],
  ['X-NMP-Principal-Id\0: mallory'],
  ['X-NMP-Principal-Id;: mallory'],
];

const waysRound = [
  '/apis/models/health/../whoami',
  '/apis/models/health/%2e%2e/whoami',
  '/apis/models/health%2f..%2fwhoami',
  '/apis/models/health/..%5cwhoami',
  '/apis/models/health;/../whoami',
  '/apis/models//whoami',
  '/apis/models/./whoami',
  '//apis/models/whoami',
  '/apis/%6dodels/whoami',
  '/apis/models/%77hoami',
  '/apis%2fmodels%2fwhoami',
  '/APIS/models/whoami',
  '/apis/models/WHOAMI',
  '/x/../apis/models/whoami',
  '/health/live/../../apis/models/whoami',
  '/apis/models/whoami/',
  '/apis/models/whoami?path=/apis/models/health',
  '/apis/models/whoami%00/health',
  'http://127.0.0.1/apis/models/whoami',
];

const waysInside = [
  '/internal/iam/opa-bundle.tar.gz',
  '/internal//iam/opa-bundle.tar.gz',
  '//internal/iam/opa-bundle.tar.gz',
  '/%69nternal/iam/opa-bundle.tar.gz',
  '/internal%2fiam/opa-bundle.tar.gz',
  '/%2finternal/iam/opa-bundle.tar.gz',
  '/./internal/iam/opa-bundle.tar.gz',
  '/apis/../internal/iam/opa-bundle.tar.gz',
  '/apis/%2e%2e/internal/iam/opa-bundle.tar.gz',
  '/apis/models/../../internal/iam/opa-bundle.tar.gz',
  '/apis/models/health/../../../internal/iam/opa-bundle.tar.gz',
  '/x/..%2finternal/iam/opa-bundle.tar.gz',
  '/INTERNAL/iam/opa-bundle.tar.gz',
  '/internal;x/iam/opa-bundle.tar.gz',
  '/internal/iam/opa-bundle.tar.gz?x=/',
  'http://127.0.0.1/internal/iam/opa-bundle.tar.gz',
];
