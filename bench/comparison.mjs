import { median } from './figures.mjs';

/**
 * Requests a second of the rounds, by the name of the run.
 *
 * @typedef {Record<string, readonly number[]>} Measured
 */

/**
 * How one run compares with another: the median of the ratios of each round.
 *
 * @param {Measured} measured
 * @param {string} one
 * @param {string} other
 */
export function ratioOf(measured, one, other) {
  return median(ratios(measured[one], measured[other]));
}

/** The name of the run of a peer's own open route. */
export function openRouteOf(peer, algorithm) {
  return `${peer}, its open route, ${algorithm}`;
}

/**
 * The peer that the module is least ahead of when every token is new. A peer with a Nest of its own is compared twice:
 * as it is, and each over its own open route, for an older Nest is not the peer's doing.
 *
 * @param {Measured} measured
 * @param {readonly { name: string, directory?: string }[]} peers
 * @param {string} algorithm
 * @returns {{ ratio: number, peer: string }}
 */
export function bestPeer(measured, peers, algorithm) {
  const cold = measured[`cold, ${algorithm}`];
  const open = measured[`open, ${algorithm}`];
  const comparisons = peers
    .filter(({ name }) => measured[`${name}, ${algorithm}`])
    .flatMap(({ name, directory }) => {
      const run = measured[`${name}, ${algorithm}`];
      const direct = { ratio: median(ratios(cold, run)), peer: name };
      if (directory === undefined) return [direct];
      const ownOpen = measured[openRouteOf(name, algorithm)];
      const overOpen = median(ratios(ratios(cold, open), ratios(run, ownOpen)));
      return [direct, { ratio: overOpen, peer: `${name}, each over its open route` }];
    });
  return comparisons.toSorted((a, b) => a.ratio - b.ratio)[0];
}

function ratios(some, others) {
  return some.map((value, round) => value / others[round]);
}
