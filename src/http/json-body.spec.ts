import { describe, expect, it } from '@jest/globals';
import { MAX_JSON_DEPTH, MAX_JSON_VALUES, parseJson } from './json-body.js';

describe('parseJson', () => {
  it.each<[string, unknown]>([
    ['{"name":"a","list":[1,2,{"x":null}]}', { name: 'a', list: [1, 2, { x: null }] }],
    ['"[[[[{{{{,,,,"', '[[[[{{{{,,,,'],
    [String.raw`{"a":"\"]","b\\":"[\\"}`, { a: '"]', 'b\\': '[\\' }],
    ['\uFEFF{"a":"é🔑"}', { a: 'é🔑' }],
    ['[{"a":1},{"a":{"a":"b:c"}}]', [{ a: 1 }, { a: { a: 'b:c' } }]],
    [nested(MAX_JSON_DEPTH), JSON.parse(nested(MAX_JSON_DEPTH))],
    [list(MAX_JSON_VALUES - 1), Array.from({ length: MAX_JSON_VALUES - 1 }, () => 0)],
  ])('reads %.40s', (text, value) => {
    expect(parse(text)).toEqual(value);
  });

  it.each<[string, string, string]>([
    ['a list too deep', nested(MAX_JSON_DEPTH + 1), 'The body has more than 32 levels'],
    ['a list far too deep', nested(500_000), 'The body has more than 32 levels'],
    ['an object far too deep', '{"a":'.repeat(100_000), 'The body has more than 32 levels'],
    ['an open list', '['.repeat(33), 'The body has more than 32 levels'],
    ['a list too long', list(MAX_JSON_VALUES + 1), 'The body has more than 10000 values'],
    ['many lists', `[${'[],'.repeat(5_000)}[]]`, 'The body has more than 10000 values'],
    ['many members', `{${'"a":0,'.repeat(5_000)}"a":0}`, 'The body has more than 10000 values'],
    ['half a string', '{"name":"a', 'The body is not valid JSON'],
    ['a backslash at the end', '"\\', 'The body is not valid JSON'],
    ['two values', '{}{}', 'The body is not valid JSON'],
    ['closing brackets', ']'.repeat(100), 'The body is not valid JSON'],
    ['a prototype', '{"a":{"__proto__":{}}}', 'The body must not have a member __proto__'],
    ['a hidden prototype', String.raw`{"\u005f_proto__":{}}`, 'The body must not have a member __proto__'],
    ['a constructor', '[{"constructor":{"prototype":{}}}]', 'The body must not have a member constructor'],
    ['a member twice', '{"name":"a","name":"b"}', 'The body has a member twice'],
    ['a member twice further down', '[{"a":{"b":1,"b":1}}]', 'The body has a member twice'],
    ['a member twice, hidden', String.raw`{"a":[],"\u0061":[{"b":1}]}`, 'The body has a member twice'],
  ])('refuses %s', (_, text, message) => {
    expect(() => parse(text)).toThrow(expect.objectContaining({ statusCode: 400, message }));
  });

  it('refuses bytes that are no UTF-8', () => {
    expect(() => parseJson(Uint8Array.of(0x22, 0xff, 0x22))).toThrow('The body is not valid UTF-8');
  });
});

function parse(text: string): unknown {
  return parseJson(new TextEncoder().encode(text));
}

function nested(depth: number): string {
  return '['.repeat(depth) + ']'.repeat(depth);
}

function list(length: number): string {
  return `[${'0,'.repeat(length - 1)}0]`;
}
