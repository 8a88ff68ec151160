import { isObject } from './answer-shape.js';

const LONGEST_LIST = 10;
const partsOfRequests = new Set(['body', 'query', 'path', 'header', 'cookie']);

/**
 * What the `detail` of an error says, as one sentence: it is text, or a list of what is wrong with a request, or an object
 * that names an error. `undefined` when it says nothing.
 */
export function errorSentence(detail: unknown): string | undefined {
  if (typeof detail === 'string') return detail === '' ? undefined : detail;
  if (!Array.isArray(detail)) return isObject(detail) ? textOf(detail.error, detail.message) : undefined;
  const problems = detail.map(problemSentence).filter((problem) => problem !== undefined);
  const more = problems.length > LONGEST_LIST ? [`and ${problems.length - LONGEST_LIST} more`] : [];
  return textOf([...problems.slice(0, LONGEST_LIST), ...more].join('; '));
}

/** `{"loc": ["body", "name"], "msg": "Field required"}` is `name: Field required`. */
function problemSentence(problem: unknown): string | undefined {
  if (!isObject(problem)) return textOf(problem);
  const message = textOf(problem.msg, problem.message);
  const location: unknown[] = Array.isArray(problem.loc) ? problem.loc : [];
  const [first, ...others] = location.filter((part) => typeof part === 'string' || typeof part === 'number');
  const place = first !== undefined && partsOfRequests.has(String(first)) ? others : [first, ...others];
  const name = place.filter((part) => part !== undefined).join('.');
  return message === undefined || name === '' ? message : `${name}: ${message}`;
}

function textOf(...values: readonly unknown[]): string | undefined {
  return values.find((value): value is string => typeof value === 'string' && value !== '');
}
