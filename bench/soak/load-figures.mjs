import { figureOf } from '../figures.mjs';
import { progress } from '../progress.mjs';

/** Figures of one application, each under the name of what was done to it. */
export function figuresFor(application, phase) {
  const name = (figure) => `${phase}: ${figure}`;
  return {
    of: (figure, value, unit) => figureOf(name(figure), application, value, unit),
    /** What there must be none of. */
    none: (figure, count) => ({
      ...figureOf(name(figure), application, count, 'requests'),
      target: 0,
      met: count === 0,
    }),
  };
}

/** Says what came of requests, where some failed: by status, or by what became of the connection. */
export function tellOf(application, result) {
  if (failed(result) > 0) progress(`${application}: ${JSON.stringify({ ...result.statuses, ...result.problems })}`);
}

/** How many requests were not answered 200. */
export function failed({ statuses, problems }) {
  return answered({ statuses }) - (statuses[200] ?? 0) + sum(problems);
}

/** How many were answered, whatever it was. */
export function answered({ statuses }) {
  return sum(statuses);
}

/** Requests that were answered 200, for each second. */
export function rateOf({ statuses, seconds }) {
  return (statuses[200] ?? 0) / seconds;
}

function sum(counts) {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}
