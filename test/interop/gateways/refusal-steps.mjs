import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { sendRaw, statusesOf } from './client.mjs';

const whoami = '/apis/models/whoami';
const train = '/apis/models/train';

/** What a client gets to see when it is not let through. */
export const refusalSteps = {
  'without a token: 401 with its challenge': async (passage) => {
    const { result, arrivals } = await passage.arrivalsOf(() => passage.send({ path: whoami }));
    equal(result.status, 401);
    equal(result.headers['www-authenticate'], 'Bearer realm="nmp"');
    isJson(result, /^missing_token$/);
    deepEqual(arrivals, []);
  },

  'with a bad token: 401 that says so': async (passage) => {
    const expired = await passage.token({ expiresInSeconds: -600 });
    const { result, arrivals } = await passage.arrivalsOf(() => passage.send({ path: whoami, token: expired }));
    equal(result.status, 401);
    match(result.headers['www-authenticate'], /^Bearer realm="nmp", error="invalid_token"/);
    isJson(result, /^(token_expired|invalid_token)$/);
    deepEqual(arrivals, []);
  },

  'and the platform’s own words': async (passage) => {
    const expired = await passage.token({ expiresInSeconds: -600 });
    const { body, headers } = await passage.send({ path: whoami, token: expired });
    deepEqual([body.code, body.detail], ['token_expired', 'Invalid bearer token']);
    ok(headers['x-request-id']);
  },

  'without the scope: 403 of the service, whole': async (passage) => {
    const token = await passage.token({ scope: 'openid platform:read' });
    const { status, headers, body } = await passage.send({ method: 'POST', path: train, token, body: '{}' });
    deepEqual([status, body.code], [403, 'insufficient_scope']);
    match(headers['www-authenticate'], /error="insufficient_scope".*scope="models:write"/);
  },

  'while the identity provider is away: 503': async (passage) => {
    const token = passage.backstage.tokenOfNobody;
    const { result, arrivals } = await passage.arrivalsOf(() => passage.send({ path: whoami, token }));
    deepEqual([result.status, arrivals], [503, []]);
  },

  'with Retry-After and the reason': async (passage) => {
    const answer = await passage.send({ path: whoami, token: passage.backstage.tokenOfNobody });
    ok(Number(answer.headers['retry-after']) > 0, 'no Retry-After');
    isJson(answer, /^issuer_unavailable$/);
  },

  'HEAD is answered as GET is, without a body': async (passage) => {
    const token = await passage.token();
    const head = (more) => [`HEAD ${whoami} HTTP/1.1`, 'Host: 127.0.0.1', ...more, '', ''];
    const text = await sendRaw(passage.port, [
      ...head([`Authorization: Bearer ${token}`]).slice(0, -1),
      ...head([]).slice(0, -1),
      ...head(['Connection: close', `Authorization: Bearer ${token}`]),
    ]);
    deepEqual(statusesOf(text), [200, 401, 200]);
    ok(!text.includes('{'), `there is a body: ${text}`);
  },

  'while the platform is away nobody passes, and afterwards they do': async (passage) => {
    const token = await passage.token();
    const { result, arrivals } = await passage.arrivalsOf(() =>
      passage.backstage.tap.away(async () => {
        const statuses = [];
        for (const request of [{ token }, {}, { token, method: 'POST', body: '{}' }]) {
          statuses.push((await passage.send({ path: whoami, ...request })).status);
        }
        return statuses;
      }),
    );
    deepEqual(
      result,
      result.map(() => passage.answers.away),
    );
    deepEqual(arrivals, []);
    equal((await passage.send({ path: whoami, token })).status, 200);
  },

  'while the platform is silent nobody passes': async (passage) => {
    const token = await passage.token();
    const { result, arrivals } = await passage.arrivalsOf(() =>
      passage.backstage.tap.silent(() => passage.send({ path: whoami, token })),
    );
    equal(result.status, passage.answers.silent);
    deepEqual(arrivals, []);
    equal((await passage.send({ path: whoami, token })).status, 200);
  },

  'an answer that is not the platform’s lets nobody pass': async (passage) => {
    const token = await passage.token();
    const headers = [['X-NMP-Principal-Id', 'mallory']];
    for (const answer of nonsense) {
      const { result, arrivals } = await passage.arrivalsOf(() =>
        passage.backstage.tap.answering(answer, () => passage.send({ path: whoami, token, headers })),
      );
      const { status, text } = result;
      // Refused by the service, or not even there.
      ok(
        arrivals.length === 0 ? status !== 200 : [400, 401].includes(status),
        `${answer.split('\r\n')[0]}: ${status} ${text}`,
      );
    }
  },
};

const nonsense = [
  'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n',
  'HTTP/1.1 204 No Content\r\n\r\n',
  'HTTP/1.1 302 Found\r\nLocation: https://sign-in.example.com/\r\nContent-Length: 0\r\n\r\n',
  'HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n',
  'HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n',
  'nothing that HTTP knows\r\n\r\n',
];

/** The body has the platform's shape, and such a code. */
function isJson({ status, headers, body, text }, code) {
  match(headers['content-type'] ?? '', /^application\/json/, text);
  deepEqual([body?.statusCode, typeof body?.detail], [status, 'string'], text);
  match(body.code, code);
}
