import { describe, expect, it } from '@jest/globals';
import { durationText } from './time.js';

describe('durationText', () => {
  it.each([
    [0, '0s'],
    [-5000, '0s'],
    [42_900, '42s'],
    [600_000, '10m'],
    [3_605_000, '1h'],
    [3_900_000, '1h 5m'],
    [90_000_000, '1d 1h'],
  ])('%i ms are %s', (milliseconds, expected) => {
    expect(durationText(milliseconds)).toBe(expected);
  });
});
