import type { SettingKind } from './setting-tree.js';

/** A value of the right kind, or what it would have to be. */
export type Reading = { readonly value: unknown } | { readonly expected: string };

/** Checks the kind of a value that was written in the file. */
export function readFileValue(kind: SettingKind, value: unknown): Reading {
  const { expected, accepts } = fileKinds[kind];
  return accepts(value) ? { value } : { expected };
}

/** Reads a value from the text of an environment variable, strictly: `yes`, `1` or `8e3` mean nothing. */
export function readTextValue(kind: SettingKind, text: string): Reading {
  return textKinds[kind](text);
}

const textKinds = {
  text: readText,
  boolean: (text) => readPattern('boolean', /^(true|false)$/, text, (word) => word === 'true'),
  integer: (text) => readPattern('integer', /^-?\d{1,15}$/, text, Number),
  number: (text) => readPattern('number', /^-?\d{1,15}(\.\d{1,9})?$/, text, Number),
  list: readList,
  'text-or-list': (text) => (text.includes(',') ? readList(text) : readText(text.trim())),
  'text-map': readMap,
} satisfies Record<SettingKind, (text: string) => Reading>;

function readText(text: string): Reading {
  return text === '' ? { expected: 'must not be empty: remove it to use the default' } : { value: text };
}

function readPattern(kind: SettingKind, pattern: RegExp, text: string, convert: (text: string) => unknown): Reading {
  return pattern.test(text) ? { value: convert(text) } : { expected: fileKinds[kind].expected };
}

function readList(text: string): Reading {
  const parts = text.split(',').map((part) => part.trim());
  if (parts.includes('')) return { expected: 'must be a comma list without empty parts' };
  return { value: parts };
}

/** `audience=https://api.example.com,prompt=login` */
function readMap(text: string): Reading {
  const pairs = text.split(',').map((part) => /^\s*([^=\s]+)=(.*\S)\s*$/.exec(part));
  const entries = pairs.map((pair) => [pair?.[1], pair?.[2]] as const);
  if (pairs.includes(null)) return { expected: 'must be a comma list of name=value' };
  return { value: Object.fromEntries(entries) };
}

const isText = (value: unknown): boolean => typeof value === 'string';
const isTextList = (value: unknown): boolean => Array.isArray(value) && value.every(isText);

const fileKinds = {
  text: { expected: 'must be a text (put it in quotes)', accepts: isText },
  boolean: { expected: 'must be true or false', accepts: (value: unknown) => typeof value === 'boolean' },
  integer: { expected: 'must be a whole number', accepts: Number.isSafeInteger },
  number: { expected: 'must be a number', accepts: Number.isFinite },
  list: { expected: 'must be a list of texts', accepts: isTextList },
  'text-or-list': {
    expected: 'must be a text or a list of texts',
    accepts: (value: unknown) => isText(value) || isTextList(value),
  },
  'text-map': {
    expected: 'must be a mapping of texts (put them in quotes)',
    accepts: (value: unknown) =>
      typeof value === 'object' && value !== null && !Array.isArray(value) && Object.values(value).every(isText),
  },
} as const satisfies Record<SettingKind, { expected: string; accepts: (value: unknown) => boolean }>;
