import { describe, expect, it } from '@jest/globals';
import { FakeClock } from '../test/support/fake-clock.js';
import { waitBeforeRetry } from './retry.js';

const clock = new FakeClock();
const answer = (status: number, retryAfter?: string): Response =>
  new Response(null, { status, headers: retryAfter === undefined ? {} : { 'retry-after': retryAfter } });
const wait = (method: 'GET' | 'POST' | 'PUT' | 'DELETE', response: Response, retries = 0, random = 0) =>
  waitBeforeRetry({ method, path: '/' }, response, retries, { maxRetries: 3, clock, random: () => random });

describe('waitBeforeRetry', () => {
  it('waits longer each time, by chance up to twice as long', () => {
    expect([0, 1, 2, 3].map((retries) => wait('GET', answer(503), retries))).toEqual([250, 500, 1000, undefined]);
    expect([0, 1, 2].map((retries) => wait('GET', answer(429), retries, 1))).toEqual([500, 1000, 2000]);
  });

  it('waits as long as the server asks, and a little by chance', () => {
    expect(wait('GET', answer(503, '7'))).toBe(7000);
    expect(wait('GET', answer(503, '7'), 0, 0.5)).toBe(7250);
    expect(wait('GET', answer(429, 'Tue, 01 Jan 2030 00:00:05 GMT'))).toBe(5000);
    expect(wait('GET', answer(429, '61'))).toBeUndefined();
  });

  it.each([
    ['GET', 503, undefined, true],
    ['PUT', 503, undefined, true],
    ['DELETE', 503, undefined, true],
    ['POST', 503, undefined, false],
    ['POST', 503, '1', true],
    ['POST', 429, undefined, true],
    ['GET', 500, '1', false],
    ['GET', 502, undefined, false],
    ['GET', 401, undefined, false],
  ] as const)('repeats %s after %i with Retry-After %s: %s', (method, status, retryAfter, isRepeated) => {
    expect(wait(method, answer(status, retryAfter)) !== undefined).toBe(isRepeated);
  });
});
