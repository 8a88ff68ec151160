import { describe, expect, it } from '@jest/globals';
import { PendingLimit } from './pending-limit.js';

describe('PendingLimit', () => {
  it('refuses what comes on top, until a place is left', () => {
    const limit = new PendingLimit(1, 'their turn');
    limit.enter();

    expect(() => limit.enter()).toThrow('More than 1 tokens are waiting for their turn');
    limit.leave();
    expect(() => limit.enter()).not.toThrow();
  });

  it('holds a place for as long as something takes, whatever comes of it', async () => {
    const limit = new PendingLimit(1, 'their turn');
    const first = limit.hold(Promise.reject(new Error('failed')));

    await expect(limit.hold(Promise.resolve())).rejects.toMatchObject({ code: 'overloaded', retryAfterSeconds: 1 });
    await expect(first).rejects.toThrow('failed');
    await expect(limit.hold(Promise.resolve('done'))).resolves.toBe('done');
  });

  it('does not let a failure of what it refused go unheard', async () => {
    const limit = new PendingLimit(0, 'their turn');

    await expect(limit.hold(Promise.reject(new Error('failed')))).rejects.toMatchObject({ code: 'overloaded' });
  });
});
