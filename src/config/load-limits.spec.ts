import { describe, expect, it } from '@jest/globals';
import { loadLimitsOf } from './load-limits.js';

describe('loadLimitsOf', () => {
  it('has limits where none are set', () => {
    expect(read({})).toEqual({ maxPendingRequests: 1000, maxEventLoopDelayMs: 1000 });
    expect(loadLimitsOf(undefined, [])).toEqual(read({}));
  });

  it('takes those that are set, and none at all', () => {
    expect(read({ max_pending_requests: 50, max_event_loop_delay_ms: 0 })).toEqual({
      maxPendingRequests: 50,
      maxEventLoopDelayMs: 0,
    });
  });

  it.each<[string, number]>([
    ['max_pending_requests', -1],
    ['max_pending_requests', 1_000_001],
    ['max_event_loop_delay_ms', -1],
    ['max_event_loop_delay_ms', 60_001],
  ])('says of %s that %i is no limit', (name, value) => {
    const problems: string[] = [];
    loadLimitsOf({ [name]: value }, problems);

    expect(problems).toEqual([expect.stringMatching(`^server.${name} must be a whole number between 0 and \\d+$`)]);
  });

  function read(settings: Record<string, number>): object {
    const problems: string[] = [];
    const limits = loadLimitsOf(settings, problems);
    expect(problems).toEqual([]);
    return limits;
  }
});
