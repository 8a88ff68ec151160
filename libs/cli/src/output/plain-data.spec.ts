import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { jsonOf, yamlOf } from './plain-data.js';

const hostile = {
  name: 'a\u009b2J\u202eb',
  'k\u2066y': ['\u007f', 'back\\\u0085slash', 'tab\tand\nlines'],
  plain: 'ä: "ü"',
};

describe.each([
  ['json', (data: unknown) => Promise.resolve(jsonOf(data)), (text: string): unknown => JSON.parse(text)],
  ['yaml', yamlOf, (text: string): unknown => parse(text)],
] as const)('data as %s', (_format, textOf, read) => {
  it('shows no terminal what it would obey, and loses nothing', async () => {
    const text = await textOf(hostile);
    expect(text).not.toMatch(/(?![\t\n])[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]/u);
    expect(read(text)).toEqual(hostile);
  });
});

describe('data that hides nothing', () => {
  it('is written as ever', async () => {
    expect(jsonOf({ a: ['ä'] })).toBe('{\n  "a": [\n    "ä"\n  ]\n}\n');
    await expect(yamlOf({ a: ['ä', 'two\nlines\n'] })).resolves.toBe('a:\n  - ä\n  - |\n    two\n    lines\n');
  });
});
