import { describe, expect, it } from '@jest/globals';
import { FakeClock } from '../test/support/fake-clock.js';
import { StandingClock } from '../test/support/standing-clock.js';
import { withGracePeriod } from './grace-period.js';

const untilAborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error));
  });

describe('withGracePeriod', () => {
  it('ends the work when the time after the signal is over, with its reason', async () => {
    const caller = new AbortController();
    const clock = new FakeClock();
    const work = withGracePeriod(caller.signal, 1000, clock, untilAborted);
    caller.abort(new Error('stop'));
    await expect(work).rejects.toThrow('stop');
    expect(clock.sleptSeconds).toEqual([1]);
  });

  it('lets work be done that ends before, and stops waiting then', async () => {
    const caller = new AbortController();
    const clock = new StandingClock();
    const work = withGracePeriod(caller.signal, 1000, clock, async (late) => {
      caller.abort(new Error('stop'));
      await Promise.resolve();
      return late.aborted;
    });
    await expect(work).resolves.toBe(false);
    expect(clock.sleepers).toBe(0);
  });

  it('begins nothing after the signal', async () => {
    const work = withGracePeriod(AbortSignal.abort(new Error('stop')), 1000, new FakeClock(), () =>
      Promise.resolve('begun'),
    );
    await expect(work).rejects.toThrow('stop');
  });

  it('needs no signal', async () => {
    await expect(withGracePeriod(undefined, 1000, new FakeClock(), () => Promise.resolve(1))).resolves.toBe(1);
  });
});
