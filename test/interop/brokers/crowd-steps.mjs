import { deepEqual, equal } from 'node:assert/strict';

const crowd = 200;

/** Many callers at once, and interruptions. */
export const crowdSteps = {
  [`${crowd} callers at once are each themselves`]: async (line) => {
    const names = Array.from({ length: crowd }, (_, index) => `caller-${index}`);
    const headers = await Promise.all(names.map((subject) => line.world.bearer({ subject })));
    const calls = names.map((call, at) => line.ask(line.patterns.whoami, [headers[at]], { call }));
    const answers = (await Promise.all(calls)).map(({ value, error }) => [value?.data.call, value?.caller.id, error]);
    deepEqual(
      answers,
      names.map((name) => [name, name, undefined]),
    );
  },

  'good and bad callers at once': async (line) => {
    const good = await line.world.bearer({ subject: 'alice' });
    const expired = await line.world.bearer({ expiresInSeconds: -600 });
    const calls = Array.from({ length: crowd }, (_, at) =>
      line.ask(line.patterns.whoami, [[good], [expired], []][at % 3]),
    );
    const codes = (await Promise.all(calls)).map(({ value, error }) => value?.caller.id ?? error.code);
    deepEqual(
      codes,
      codes.map((_, at) => ['alice', 'token_expired', 'missing_token'][at % 3]),
    );
  },

  'a broker that was restarted': async (line) => {
    const bearer = await line.world.bearer({ subject: 'alice' });
    await line.broker.restart();
    const { caller } = await line.untilAnswered(line.patterns.whoami, [bearer]);
    equal(caller.id, 'alice');
    await line.refused('missing_token', line.patterns.whoami, []);
    await line.refused('token_expired', line.patterns.whoami, [await line.world.bearer({ expiresInSeconds: -600 })]);
    await line.untilArrived(await line.tell(line.patterns.trained, [bearer]));
  },
};
