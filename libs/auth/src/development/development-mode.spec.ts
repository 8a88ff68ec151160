import { describe, expect, it } from '@jest/globals';
import { isDevelopment } from './development-mode.js';

describe('isDevelopment', () => {
  it.each([
    [undefined, undefined, true],
    ['', undefined, true],
    ['development', undefined, true],
    ['test', undefined, false],
    ['staging', undefined, false],
    ['production', undefined, false],
    ['production', true, false],
    ['test', true, true],
    ['development', false, false],
    [undefined, false, false],
  ])('with NODE_ENV=%s and the option %s is %s', (nodeEnv, wanted, expected) => {
    expect(isDevelopment(wanted, nodeEnv)).toBe(expected);
  });
});
