import { describe, expect, it } from '@jest/globals';
import { retryAfterSeconds } from './retry-after.js';

const now = new Date('2030-01-01T00:00:00Z');
const read = (headers: Record<string, string>): number | undefined => retryAfterSeconds(new Headers(headers), now);

describe('retryAfterSeconds', () => {
  it.each([
    [{ 'retry-after': '17' }, 17],
    [{ 'retry-after': 'Tue, 01 Jan 2030 00:00:40 GMT' }, 40],
    [{ 'retry-after': 'Tue, 01 Jan 2030 00:00:40 GMT', date: 'Tue, 01 Jan 2030 00:00:30 GMT' }, 10],
    [{ 'retry-after': 'Mon, 31 Dec 2029 00:00:00 GMT' }, 0],
    [{ 'x-rate-limit-reset': String(now.getTime() / 1000 + 25) }, 25],
    [{ 'retry-after': 'soon' }, undefined],
    [{ 'retry-after': '-5x' }, undefined],
    [{}, undefined],
  ] as [Record<string, string>, number | undefined][])('%j means %j', (headers, expected) => {
    expect(read(headers)).toBe(expected);
  });
});
