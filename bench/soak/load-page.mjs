import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { markdownTable } from '../../scripts/docs/markdown-table.mjs';

const page = join(import.meta.dirname, '..', '..', 'docs', 'reliability.md');
const longFrom = 300;
const applications = ['platform', 'library'];

/**
 * Puts figures under load into the page about reliability, in the place of those that are there. Those of a steady load of
 * five minutes or more have a place of their own.
 *
 * @param {readonly { figure: string, adapter: string, value: number, unit: string }[]} figures
 * @param {{ seconds: number, circumstances: string }} measured how long the load was steady; when, where and beside what
 * @throws {Error} when the page has no place for them
 */
export function writeLoadPage(figures, { seconds, circumstances }) {
  const name = seconds < longFrom ? 'load' : 'long load';
  const [begin, end] = [`<!-- ${name} -->`, `<!-- end of ${name} -->`];
  const [before, rest] = readFileSync(page, 'utf8').split(begin);
  const after = rest?.split(end)[1];
  if (after === undefined) throw new Error(`${page} has no place for figures under load`);
  writeFileSync(page, `${before}${begin}\n\n${circumstances}\n\n${loadTable(figures)}\n\n${end}${after}`);
}

/** The figures of both applications beside each other. */
function loadTable(figures) {
  const names = [...new Set(figures.map(({ figure }) => figure))];
  const rows = names.map((name) => [name, ...applications.map((application) => cellOf(figures, name, application))]);
  return markdownTable(['', 'platform', '`AuthModule` alone'], rows);
}

function cellOf(figures, name, application) {
  const found = figures.find(({ figure, adapter }) => figure === name && adapter === application);
  return found === undefined
    ? '–'
    : `${found.value.toLocaleString('en')} ${found.unit === 'ratio' ? '' : found.unit}`.trim();
}
