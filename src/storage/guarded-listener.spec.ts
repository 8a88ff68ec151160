import { expect, it } from '@jest/globals';
import { GuardedListener } from './guarded-listener.js';

it('leaves out what its listener cannot make sense of, and says so once a minute', () => {
  const said: string[] = [];
  let nowMs = 0;
  const listener = {
    message: (payload: string) => void said.push(JSON.parse(payload) as string),
    resumed: () => void said.push('resumed'),
  };
  const guarded = new GuardedListener(
    'changes',
    listener,
    (line) => said.push(line),
    () => nowMs,
  );
  const warning = 'A notification on the channel changes of the database was not understood, and is left out';
  guarded.message('garbage');
  nowMs = 59_999;
  guarded.message('"one"');
  guarded.message('');
  nowMs = 60_000;
  guarded.message('{');
  guarded.resumed();
  expect(said).toEqual([warning, 'resumed', 'one', warning, 'resumed', 'resumed']);
});
