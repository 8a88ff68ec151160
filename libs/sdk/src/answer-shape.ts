import { printable } from './text.js';

/** Tells what is wrong with a value of an answer, or `undefined` when it is as agreed. */
export type AnswerShape = (value: unknown, name: string) => string | undefined;

/** Text that is not empty. */
export const text: AnswerShape = (value, name) =>
  typeof value === 'string' && value !== '' ? undefined : problem(value, name, 'text');

/** Text, which may be empty. */
export const anyText: AnswerShape = (value, name) =>
  typeof value === 'string' ? undefined : problem(value, name, 'text');

export const yesOrNo: AnswerShape = (value, name) =>
  typeof value === 'boolean' ? undefined : problem(value, name, 'true or false');

/** A whole number, not below zero. */
export const count: AnswerShape = (value, name) =>
  Number.isSafeInteger(value) && Number(value) >= 0 ? undefined : problem(value, name, 'a whole number');

/** What may be left out, or be null. */
export function optional(shape: AnswerShape): AnswerShape {
  return (value, name) => (value === undefined || value === null ? undefined : shape(value, name));
}

export function listOf(shape: AnswerShape): AnswerShape {
  return (value, name) => {
    if (!Array.isArray(value)) return problem(value, name, 'a list');
    const members: unknown[] = value;
    return firstProblem(members.map((member, index) => () => shape(member, `${name}[${index}]`)));
  };
}

/** An object with at least these members; others are none of our business. */
export function objectWith(members: Readonly<Record<string, AnswerShape>>): AnswerShape {
  return (value, name) => {
    if (!isObject(value)) return problem(value, name, 'an object');
    const checks = Object.entries(members).map(
      ([key, shape]) =>
        () =>
          shape(Object.hasOwn(value, key) ? value[key] : undefined, name === '' ? key : `${name}.${key}`),
    );
    return firstProblem(checks);
  };
}

/** An object whose members are all like that. */
export function recordOf(shape: AnswerShape): AnswerShape {
  return (value, name) => {
    if (!isObject(value)) return problem(value, name, 'an object');
    return firstProblem(
      Object.entries(value).map(
        ([key, member]) =>
          () =>
            shape(member, `${name}.${printable(key, 60)}`),
      ),
    );
  };
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function firstProblem(checks: readonly (() => string | undefined)[]): string | undefined {
  for (const check of checks) {
    const found = check();
    if (found !== undefined) return found;
  }
  return undefined;
}

function problem(value: unknown, name: string, wanted: string): string {
  if (name === '') return `its answer is not ${wanted}`;
  return value === undefined ? `"${name}" is missing from its answer` : `"${name}" in its answer is not ${wanted}`;
}
