import { describe, expect, it } from '@jest/globals';
import { anyText, count, listOf, objectWith, optional, recordOf, text, yesOrNo } from './answer-shape.js';

describe('answer shapes', () => {
  const shape = objectWith({
    name: text,
    note: optional(anyText),
    parts: optional(listOf(objectWith({ size: count }))),
  });

  it.each([
    [{ name: 'x' }],
    [{ name: 'x', note: null, more: 1 }],
    [{ name: 'x', note: '', parts: [] }],
    [{ name: 'x', parts: [{ size: 0 }, { size: 7, unit: 'kg' }] }],
  ])('find nothing wrong with %j', (value) => {
    expect(shape(value, '')).toBeUndefined();
  });

  it.each([
    [null, 'its answer is not an object'],
    [['x'], 'its answer is not an object'],
    ['x', 'its answer is not an object'],
    [{}, '"name" is missing from its answer'],
    [{ name: '' }, '"name" in its answer is not text'],
    [{ name: null }, '"name" in its answer is not text'],
    [{ name: 'x', note: 5 }, '"note" in its answer is not text'],
    [{ name: 'x', parts: {} }, '"parts" in its answer is not a list'],
    [{ name: 'x', parts: [{ size: 1 }, {}] }, '"parts[1].size" is missing from its answer'],
    [{ name: 'x', parts: [{ size: -1 }] }, '"parts[0].size" in its answer is not a whole number'],
    [{ name: 'x', parts: [{ size: '1' }] }, '"parts[0].size" in its answer is not a whole number'],
  ])('name what is wrong with %j', (value, problem) => {
    expect(shape(value, '')).toBe(problem);
  });

  it('take nothing from what objects inherit', () => {
    expect(objectWith({ constructor: optional(yesOrNo) })({}, '')).toBeUndefined();
    expect(objectWith({ toString: text })({}, '')).toBe('"toString" is missing from its answer');
  });

  it('name a member that the answer named itself without its control characters', () => {
    expect(recordOf(anyText)({ '\u001b[2Jx': 1 }, 'more')).toBe('"more.[2Jx" in its answer is not text');
  });
});
