import { expect } from '@jest/globals';

/** What stands for a part of a recorded text that is known only when it is played: `${issuer}`. */
export type Variables = Readonly<Record<string, string>>;

/**
 * What a recorded expectation stands for, as something to compare with `toEqual`. Objects have at least the members that
 * are written, lists exactly theirs. `{"$is": …}`, `{"$matches": …}`, `{"$has": […]}` and `{"$only": {…}}` say it otherwise.
 */
export function expectedShape(expected: unknown): unknown {
  if (Array.isArray(expected)) return expected.map(expectedShape);
  if (!isRecord(expected)) return expected;
  const { $is, $matches, $has, $only } = expected;
  if (typeof $is === 'string') return kindOf($is);
  if (typeof $matches === 'string') return expect.stringMatching(new RegExp($matches));
  if (Array.isArray($has)) return expect.arrayContaining($has.map(expectedShape));
  if (isRecord($only)) return shapesOf($only);
  return expect.objectContaining(shapesOf(expected));
}

/** Recorded data with its variables filled in. @throws {Error} for a variable that has no value. */
export function filled<T>(data: T, variables: Variables): T {
  const fill = (value: unknown): unknown => {
    if (typeof value === 'string') return value.replaceAll(/\$\{([^}]+)\}/g, (_, name: string) => known(name));
    if (Array.isArray(value)) return value.map(fill);
    if (!isRecord(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, fill(member)]));
  };
  const known = (name: string): string => {
    const value = variables[name];
    if (value === undefined) throw new Error(`Nothing is known of \${${name}}`);
    return value;
  };
  return fill(data) as T; // the same data with other texts in it
}

function kindOf(name: string): unknown {
  switch (name) {
    case 'text':
      return expect.stringMatching(/./);
    case 'time':
      return expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/);
    case 'number':
      return expect.any(Number);
    case 'list':
      return expect.any(Array);
    case 'object':
      return expect.any(Object);
    default:
      throw new Error(`There is no kind "${name}" of values`);
  }
}

function shapesOf(members: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(members).map(([name, member]) => [name, expectedShape(member)]));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
