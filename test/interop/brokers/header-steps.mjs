import { deepEqual, equal, ok } from 'node:assert/strict';
import { gatewaySecret, secretHeader } from './world.mjs';

/** Which headers count, how often, from whom, and what a handler gets to see of them. */
export const headerSteps = {
  'the name of the header in any case': async (line) => {
    const [, value] = await line.world.bearer({ subject: 'alice' });
    for (const name of ['Authorization', 'AUTHORIZATION', 'aUTHORIZATION']) {
      const { caller } = await line.answered(line.patterns.whoami, [[name, value]]);
      equal(caller.id, 'alice');
    }
  },

  'two tokens are refused': async (line) => {
    const [first, second] = [await line.world.bearer({ subject: 'a' }), await line.world.bearer({ subject: 'b' })];
    for (const name of ['authorization', 'Authorization']) {
      const error = await line.refused('malformed_request', line.patterns.whoami, [first, [name, second[1]]]);
      equal(error.statusCode, 400);
    }
  },

  'a token of 8,000 characters': async (line) => {
    const [name, short] = await line.world.bearer({ subject: 'alice' });
    // Three bytes are four characters.
    const padding = 'x'.repeat(Math.ceil(((8000 - short.length) * 3) / 4));
    const [, long] = await line.world.bearer({ subject: 'alice', claims: { padding } });
    ok(long.length >= 8000, `it has ${long.length} characters`);
    const { caller } = await line.answered(line.patterns.whoami, [[name, long]]);
    equal(caller.id, 'alice');
  },

  'a token of 20,000 characters is refused': async (line) => {
    const bearer = await line.world.bearer({ claims: { padding: 'x'.repeat(15_000) } });
    await line.refused('token_malformed', line.patterns.whoami, [bearer]);
  },

  'headers that are no text are refused, and others go on': async (line) => {
    const { result, arrivals } = await line.arrivalsOf(async () => {
      const codes = [];
      for (const message of line.kind.strange)
        codes.push((await line.askRaw(line.patterns.whoami, message)).error?.code);
      return codes;
    });
    const unexpected = result.filter(
      (code) => !['missing_token', 'malformed_request', 'token_malformed'].includes(code),
    );
    deepEqual([unexpected, arrivals], [[], []]);
    await line.answered(line.patterns.whoami, [await line.world.bearer()]);
  },

  'identity headers of anybody are not believed': async (line) => {
    const spellings = ['X-NMP-Principal-Id', 'x-nmp-principal-id', 'X_NMP_Principal_Id'];
    for (const spelling of spellings) {
      await line.refused('missing_token', line.patterns.whoami, [[spelling, 'mallory']]);
      const withWrongSecret = [
        [spelling, 'mallory'],
        [secretHeader, `${gatewaySecret}x`],
      ];
      await line.refused('missing_token', line.patterns.whoami, withWrongSecret);
    }
  },

  'and no handler sees them beside a token': async (line) => {
    const bearer = await line.world.bearer({ subject: 'alice' });
    const forged = [
      ['X-NMP-Principal-Id', 'mallory'],
      ['x-nmp-principal-groups', 'platform-admins'],
      ['X_NMP_Scopes', 'platform:write'],
      ['traceparent', '00-1-1-00'],
    ];
    const { caller, arrival } = await line.answered(line.patterns.whoami, [bearer, ...forged]);
    equal(caller.id, 'alice');
    deepEqual(caller.groups, []);
    deepEqual(seenBy(line, arrival, /nmp/i), []);
  },

  'identity headers with the gateway’s secret are believed': async (line) => {
    const { caller, arrival } = await line.answered(line.patterns.train, [
      ['X-NMP-Principal-Id', 'bob'],
      ['X-NMP-Principal-Email', 'bob@example.com'],
      ['X-NMP-Scopes', 'models:write'],
      [secretHeader, gatewaySecret],
    ]);
    deepEqual([caller.id, caller.email, caller.scopes], ['bob', 'bob@example.com', ['models:write']]);
    deepEqual(seenBy(line, arrival, /nmp|secret/i), []);
  },

  'a token beats the gateway': async (line) => {
    const { caller, arrival } = await line.answered(line.patterns.whoami, [
      await line.world.bearer({ subject: 'alice' }),
      ['X-NMP-Principal-Id', 'bob'],
      [secretHeader, gatewaySecret],
    ]);
    equal(caller.id, 'alice');
    deepEqual(seenBy(line, arrival, /nmp-p|secret/i), []);
  },

  'a principal in the data is nobody’s': async (line) => {
    const claimed = { id: 'mallory', kind: 'service', groups: ['platform-admins'] };
    const data = { call: 'prefilled', user: claimed, principal: claimed, headers: { authorization: 'Bearer x' } };
    await line.refused('missing_token', line.patterns.whoami, [], data);
    const bearer = await line.world.bearer({ subject: 'alice' });
    const answer = await line.answered(line.patterns.whoami, [bearer], data);
    deepEqual([answer.caller.id, answer.caller.groups], ['alice', []]);
    deepEqual(answer.data, data);
  },

  'an envelope is opened only where there are no headers': async (line) => {
    const [name, value] = await line.world.bearer();
    const envelope = { 'nmp:headers': { [name]: value }, 'nmp:data': { call: 'in an envelope' } };
    const { result, arrivals } = await line.arrivalsOf(() => line.askRaw(line.patterns.whoami, envelope));
    if (line.kind.name === 'redis') {
      deepEqual(result.value?.data, { call: 'in an envelope' });
    } else {
      equal(result.error?.code, 'missing_token', JSON.stringify(result));
      equal(arrivals.length, 0);
    }
  },
};

function seenBy({ kind }, { context }, pattern) {
  return Object.keys(kind.headersOf(context)).filter((name) => pattern.test(name));
}
