import { describe, expect, it } from '@jest/globals';
import { EventLoopDelay, RELIEF_MS } from './event-loop-delay.js';

describe('EventLoopDelay', () => {
  let nowMs = 0;
  const watched = (maxDelayMs: number, ...delaysMs: number[]): EventLoopDelay => {
    const delay = new EventLoopDelay(maxDelayMs, () => nowMs);
    for (const each of delaysMs) delay.note(each);
    return delay;
  };

  it.each<[string, boolean, number[]]>([
    ['nothing was late', false, [0, 4, 100]],
    ['one timer was late', false, [2_000, 0]],
    ['one in two was late', false, [2_000, 0, 2_000, 0]],
    ['two in a row were late', true, [0, 101, 500, 0]],
  ])('is too long or not where %s: %s', (_, isTooLong, delaysMs) => {
    expect(watched(100, ...delaysMs).isTooLong).toBe(isTooLong);
  });

  it('is not too long any more when clients that were told to wait come back', () => {
    nowMs = 0;
    const delay = watched(100, 500, 500);
    nowMs = RELIEF_MS - 1;
    expect(delay.isTooLong).toBe(true);
    nowMs = RELIEF_MS;
    expect(delay.isTooLong).toBe(false);
  });
});
