import { describe, expect, it } from '@jest/globals';
import { errorSentence } from './error-sentence.js';

describe('errorSentence', () => {
  it.each<[unknown, string | undefined]>([
    ['Forbidden', 'Forbidden'],
    ['', undefined],
    [undefined, undefined],
    [5, undefined],
    [{ error: 'Invalid entrypoint: x', valid: [] }, 'Invalid entrypoint: x'],
    [{ message: 'no' }, 'no'],
    [{ a: 1 }, undefined],
    [[], undefined],
    [[null, 5, {}, { msg: 7 }], undefined],
    [[{ loc: ['body', 'name'], msg: 'Field required' }], 'name: Field required'],
    [[{ loc: ['body'], msg: 'Field required' }], 'Field required'],
    [[{ loc: ['query', 'page', 0], msg: 'no number' }, 'more'], 'page.0: no number; more'],
    [[{ loc: ['name'], message: 'no name' }], 'name: no name'],
    [[{ loc: 'body', msg: 'no' }], 'no'],
    [Array.from({ length: 12 }, () => 'x'), `${Array.from({ length: 10 }, () => 'x').join('; ')}; and 2 more`],
  ])('makes of %j the sentence %j', (detail, sentence) => {
    expect(errorSentence(detail)).toBe(sentence);
  });
});
