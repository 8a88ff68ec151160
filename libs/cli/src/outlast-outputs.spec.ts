import { EventEmitter } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { outlastOutputs } from './outlast-outputs.js';

describe('outlastOutputs', () => {
  const outputs = () => {
    const seen = { said: '', failures: 0 };
    const stdout = new EventEmitter();
    const stderr = Object.assign(new EventEmitter(), { write: (text: string) => (seen.said += text) });
    outlastOutputs({ stdout, stderr }, () => {
      seen.failures += 1;
      return 'Do that';
    });
    return { seen, stdout, stderr };
  };
  const failure = (code: string): Error => Object.assign(new Error(code), { code });

  it('takes no notice of closed pipes, nor of a terminal that is gone', () => {
    const { seen, stdout, stderr } = outputs();
    stdout.emit('error', failure('EPIPE'));
    stderr.emit('error', failure('EPIPE'));
    stderr.emit('error', failure('EIO'));
    expect(seen).toEqual({ said: '', failures: 0 });
  });

  it('says once that data is lost', () => {
    const { seen, stdout } = outputs();
    stdout.emit('error', failure('ENOSPC'));
    stdout.emit('error', failure('ENOSPC'));
    expect(seen).toEqual({ said: expect.stringMatching(/^Error: .*ENOSPC.* Do that\n$/), failures: 1 });
  });
});
