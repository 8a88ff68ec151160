/** What is to be reached, by figure and adapter; a figure that is not listed has no target. */
const targets = {
  'warm / open': { express: 0.92, fastify: 0.86 },
  'many / open': { express: 0.88, fastify: 0.75 },
  'cold / raw, RS256': { express: 1.0, fastify: 1.1 },
  'cold / raw, ES256': { express: 1.0, fastify: 1.1 },
  'cold / best peer, RS256': { express: 1.15, fastify: 1.15 },
  'cold / best peer, ES256': { express: 1.15, fastify: 1.15 },
  'AuthModule adds to bootstrap': { express: 50, fastify: 50 },
  'AuthModule adds to bootstrap, issuer never answers': { express: 50, fastify: 50 },
  'heap per cached token': { any: 2048 },
  'refuse a bad signature / accept a cold token': { any: 1.1 },
  'authorized / warm': { fastify: 0.85 },
  'rpc warm / open': { tcp: 0.9, nats: 0.9 },
  'decisions on one core, 1,000 bindings': { any: 20_000 },
  'decision with 100,000 / with 1,000 bindings': { any: 1.5 },
  'uncached / cached decision': { any: 20 },
  'one changed binding among 100,000': { any: 10 },
  'listing 50 of 100,000 / of 1,000 workspaces': { any: 2 },
  'nemo auth token / node -e 0': { any: 1.7 },
  'nemo --help / node -e 0': { any: 2.0 },
};

const isUpperBound = new Set([
  'AuthModule adds to bootstrap',
  'AuthModule adds to bootstrap, issuer never answers',
  'heap per cached token',
  'refuse a bad signature / accept a cold token',
  'decision with 100,000 / with 1,000 bindings',
  'one changed binding among 100,000',
  'listing 50 of 100,000 / of 1,000 workspaces',
  'nemo auth token / node -e 0',
  'nemo --help / node -e 0',
]);

const decimals = { ratio: 3, ms: 1 };

/**
 * Compares a figure with its target.
 *
 * @param {string} figure
 * @param {'express' | 'fastify' | 'tcp' | 'nats' | 'any'} adapter
 * @param {number} value
 * @param {string} unit
 * @param {{ peer?: string }} [about] the peer that the figure compares with
 */
export function figureOf(figure, adapter, value, unit, about = {}) {
  const rounded = Number(value.toFixed(decimals[unit] ?? 0));
  const target = targets[figure]?.[adapter];
  if (target === undefined) return { figure, adapter, value: rounded, unit, ...about };
  const met = isUpperBound.has(figure) ? rounded <= target : rounded >= target;
  return { figure, adapter, value: rounded, unit, target, met, ...about };
}

/** A figure that a peer has no form for. */
export function notOffered(figure, adapter) {
  return { figure, adapter, unit: 'not offered' };
}

/** A figure for which something is missing on this machine. */
export function unavailable(figure, adapter) {
  return { figure, adapter, unit: 'unavailable' };
}

/**
 * The middle of the values; of an even number the mean of the two in the middle.
 *
 * @param {readonly number[]} values
 */
export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** A table for people. */
export function tableOf(figures) {
  const rows = figures.map(({ adapter, figure, value, unit, target, met, peer }) => [
    adapter,
    figure,
    value?.toLocaleString('en') ?? '',
    unit,
    [target === undefined ? '' : `${met ? 'met' : 'MISSED'} (${target})`, peer && `beside ${peer}`]
      .filter(Boolean)
      .join('  '),
  ]);
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column].length)));
  return rows
    .map(([adapter, figure, value, unit, verdict]) =>
      [adapter.padEnd(widths[0]), figure.padEnd(widths[1]), value.padStart(widths[2]), unit.padEnd(widths[3]), verdict]
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
