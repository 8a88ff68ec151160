import { deepEqual, equal, ok } from 'node:assert/strict';
import { sendRaw } from './client.mjs';

const whoami = '/apis/models/whoami';
const train = '/apis/models/train';

/** What goes through a gateway besides the identity. */
export const transportSteps = {
  'a body reaches the service whole, and the platform not at all': async (passage) => {
    const token = await passage.token({ subject: 'alice' });
    const body = JSON.stringify({ marker: 'of-the-body', filler: 'x'.repeat(80_000) });
    for (const headers of [[], [['Expect', '100-continue']]]) {
      passage.backstage.tap.heard();
      const answer = await uncut(() => passage.send({ method: 'POST', path: train, token, body, headers }));
      deepEqual([answer.status, answer.body?.id], [201, 'alice'], answer.text);
      deepEqual(answer.body.body, JSON.parse(body));
      const heard = passage.backstage.tap.heard();
      ok(heard.includes('/apis/auth/'), 'the platform was not asked');
      ok(!heard.includes('of-the-body'), 'the body went to the platform');
    }
    const chunked = await sendRaw(passage.port, [
      `POST ${train} HTTP/1.1`,
      'Host: 127.0.0.1',
      'Connection: close',
      'Content-Type: application/json',
      'Transfer-Encoding: chunked',
      `Authorization: Bearer ${token}`,
      '',
      '9',
      '{"a":"b"}',
      '0',
      '',
      '',
    ]);
    ok(chunked.includes('{"id":"alice","body":{"a":"b"}}'), chunked);
  },

  'a token of eight thousand characters': async (passage) => {
    const token = await passage.token({ subject: 'alice', claims: { filler: 'x'.repeat(5_700) } });
    ok(token.length > 8_000, String(token.length));
    const { status, body, text } = await passage.send({ path: whoami, token });
    deepEqual([status, body?.id], [200, 'alice'], text);
  },

  'headers beyond the limits are refused': async (passage) => {
    const large = await passage.token({ claims: { filler: 'x'.repeat(30_000) } });
    const token = await passage.token();
    const requests = [
      { token: large },
      { token, headers: [['X-Large', 'x'.repeat(40_000)]] },
      { token, headers: Array.from({ length: 60 }, (_, at) => [`X-Many-${at}`, 'x'.repeat(1_000)]) },
      { headers: [['X-Large', 'x'.repeat(40_000)]] },
    ];
    for (const request of requests) {
      const outcome = await passage.send({ path: whoami, ...request }).catch(({ code }) => ({ code }));
      // Some hang up in the middle of what is too much.
      ok(outcome.status >= 400 || ['ECONNRESET', 'EPIPE'].includes(outcome.code), JSON.stringify(outcome));
    }
    equal((await passage.send({ path: whoami, token })).status, 200);
  },

  'an upgrade to WebSocket is authenticated': async (passage) => {
    const token = await passage.token({ subject: 'alice' });
    const upgrade = (more) => [
      `GET ${whoami} HTTP/1.1`,
      'Host: 127.0.0.1',
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
      ...more,
      '',
      '',
    ];
    const refused = await passage.arrivalsOf(() => passage.sendRaw(upgrade(['X-NMP-Principal-Id: mallory'])));
    ok(refused.result.startsWith('HTTP/1.1 401 '), refused.result);
    deepEqual(refused.arrivals, []);

    const bearer = `Authorization: Bearer ${token}`;
    const taken = await passage.arrivalsOf(() => passage.sendRaw(upgrade([bearer, 'X-NMP-Principal-Id: mallory'])));
    ok(taken.result.startsWith('HTTP/1.1 101 '), taken.result);
    equal(taken.arrivals.length, 1);
    const { rawHeaders } = taken.arrivals[0];
    ok(!rawHeaders.includes('mallory'));
    const name = { headers: 'x-nmp-principal-id', hop: 'authorization' }[passage.mode];
    const values = rawHeaders.filter((_, at) => at % 2 === 1 && rawHeaders[at - 1].toLowerCase() === name);
    equal(values.length, 1);
    if (passage.mode === 'headers') equal(values[0], 'alice');
    else ok(values[0].startsWith('Bearer ey') && !values[0].includes(token));
  },

  'many callers at once are not mistaken for each other': async (passage) => {
    const subjects = ['alice', 'bob', 'carol', undefined];
    const tokens = await Promise.all(subjects.map((subject) => subject && passage.token({ subject })));
    const answers = await Promise.all(
      Array.from({ length: 120 }, (_, at) => passage.send({ path: whoami, token: tokens[at % tokens.length] })),
    );
    deepEqual(
      answers.map(({ body }) => body.id),
      answers.map((_, at) => subjects[at % subjects.length]),
    );
  },
};

/**
 * An answer of which all arrived. On a machine with much to do, HAProxy 2.6 cuts one in some off that comes while the body
 * of the request is still under way; what is looked at here is where the body went.
 */
async function uncut(send, tries = 5) {
  try {
    return await send();
  } catch (error) {
    if (error.message !== 'aborted' || tries === 1) throw error;
    return uncut(send, tries - 1);
  }
}
