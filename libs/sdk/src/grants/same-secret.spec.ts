import { describe, expect, it } from '@jest/globals';
import { isSameSecret } from './same-secret.js';

describe('isSameSecret', () => {
  it.each([
    ['the same', 'a secret', 'a secret', true],
    ['another letter', 'a secreT', 'a secret', false],
    ['a part', 'a secre', 'a secret', false],
    ['more', 'a secret ', 'a secret', false],
    ['nothing', '', 'a secret', false],
    ['another writing of one letter', 'e\u0301', '\u00e9', false],
  ])('%s', (_, sent, expected, isSame) => {
    expect(isSameSecret(sent, expected)).toBe(isSame);
  });
});
