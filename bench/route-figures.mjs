import { bestPeer, openRouteOf, ratioOf } from './comparison.mjs';
import { figureOf, median, notOffered } from './figures.mjs';
import { peers } from './peers.mjs';

const algorithms = ['RS256', 'ES256'];

/**
 * What the rates of an adapter say of the module beside an unguarded route and a bare signature check.
 *
 * @param {string} adapter
 * @param {import('./comparison.mjs').Measured} measured
 * @param {string} [suffix] of the figures' names
 */
export function ownFigures(adapter, measured, suffix = '') {
  const ratio = (figure, one, other) => figureOf(`${figure}${suffix}`, adapter, ratioOf(measured, one, other), 'ratio');
  return [
    ratio('warm / open', 'warm', 'open'),
    ratio('many / open', 'many', 'open, RS256'),
    ratio('authorized / warm', 'authorized', 'warm'),
    ...algorithms.map((of) => ratio(`cold / raw, ${of}`, `cold, ${of}`, `raw, ${of}`)),
  ];
}

/** What they say of the module beside its peers. */
export function peerFigures(adapter, measured) {
  return algorithms.flatMap((algorithm) => {
    const { ratio, peer } = bestPeer(measured, peers, algorithm);
    return [
      figureOf(`cold / best peer, ${algorithm}`, adapter, ratio, 'ratio', { peer }),
      overOpen(`cold / open, ${algorithm}`, `cold, ${algorithm}`, `open, ${algorithm}`),
      ...peers
        .filter(({ directory }) => directory !== undefined)
        .map(({ name }) =>
          overOpen(`${name} / its open route, ${algorithm}`, `${name}, ${algorithm}`, openRouteOf(name, algorithm)),
        ),
    ];
  });

  function overOpen(figure, run, open) {
    if (measured[run] === undefined) return notOffered(figure, adapter);
    return figureOf(figure, adapter, ratioOf(measured, run, open), 'ratio');
  }
}

/** The rates themselves. */
export function rateFigures(adapter, measured) {
  return Object.entries(measured).map(([run, rates]) => figureOf(run, adapter, median(rates), 'requests/s'));
}
