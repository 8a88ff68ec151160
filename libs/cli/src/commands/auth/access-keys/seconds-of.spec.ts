import { describe, expect, it } from '@jest/globals';
import { UsageError } from '../../../usage-error.js';
import { secondsOf } from './seconds-of.js';

describe('secondsOf', () => {
  it.each([
    ['90', 90],
    ['600s', 600],
    ['30m', 1_800],
    ['12h', 43_200],
    ['7d', 604_800],
    [undefined, undefined],
  ])('reads %s', (text, seconds) => {
    expect(secondsOf('--grace', text)).toBe(seconds);
  });

  it.each(['', '-1s', '1w', '1.5h', '1h30m', 'soon', '9999999999'])('does not guess at %j', (text) => {
    expect(() => secondsOf('--grace', text)).toThrow(UsageError);
  });
});
