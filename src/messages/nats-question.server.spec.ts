import { afterEach, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { NatsQuestionServer } from './nats-question.server.js';

afterEach(() => {
  jest.restoreAllMocks();
});

it('drops what nobody waits for an answer to, and says so once a minute', async () => {
  const warn = jest.spyOn(Logger.prototype, 'warn').mockReturnValue(undefined);
  let nowMs = 0;
  const server = new NatsQuestionServer({}, () => nowMs);
  const handler = jest.fn(() => Promise.resolve({}));
  server.addHandler('auth.authenticate', handler);
  const send = (payload: string) =>
    server.handleMessage('auth.authenticate', { subject: 'auth.authenticate', string: () => payload });
  for (const at of [0, 1, 59_999, 60_000]) {
    nowMs = at;
    await send('not json');
    await send('{"pattern":"auth.authenticate","data":{}}');
  }
  expect(warn.mock.calls.map(([line]) => String(line))).toEqual([
    'A message to auth.authenticate had no reply subject, and was not answered',
    'A message to auth.authenticate and 5 before it had no reply subject, and was not answered',
  ]);
  expect(handler).not.toHaveBeenCalled();
});
