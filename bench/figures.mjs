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

/**
 * Turns the medians of an adapter's routes into the figures that are reported.
 *
 * @param {string} adapter
 * @param {{ open: number, guarded: number, uncached: number }} requests a second
 * @returns {{ figure: string, adapter: string, value: number, unit: string }[]}
 */
export function figuresOf(adapter, { open, guarded, uncached }) {
  const rate = (figure, value) => ({ figure, adapter, value: Math.round(value), unit: 'requests/s' });
  const ratio = (figure, value) => ({ figure, adapter, value: Math.round(value * 1000) / 1000, unit: 'ratio' });
  return [
    rate('unguarded', open),
    rate('guarded, verified-token cache', guarded),
    rate('guarded, every token verified', uncached),
    ratio('guarded, verified-token cache / unguarded', guarded / open),
    ratio('guarded, every token verified / unguarded', uncached / open),
  ];
}

/** A table for people. */
export function tableOf(figures) {
  const rows = figures.map(({ adapter, figure, value, unit }) => [adapter, figure, value.toLocaleString('en'), unit]);
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column].length)));
  return rows
    .map(([adapter, figure, value, unit]) =>
      [adapter.padEnd(widths[0]), figure.padEnd(widths[1]), value.padStart(widths[2]), unit].join('  '),
    )
    .join('\n');
}
