import { readFileSync, writeFileSync } from 'node:fs';
import { arch, cpus, loadavg, release, type } from 'node:os';
import { format, resolveConfig } from 'prettier';

/**
 * @typedef {object} Finding what a fault did
 * @property {string} saw what callers saw
 * @property {string} lasted
 * @property {string} recovered what recovered by itself
 * @property {string} lost
 */

const begin = '<!-- faults -->';
const end = '<!-- end of faults -->';
const head = ['Fault', 'What callers saw', 'How long', 'What recovered by itself', 'What was lost'];

/** What was found about the parts that failed, as a table. */
export class FaultTable {
  #parts = [];

  /** What follows is about this part. */
  begin(part) {
    this.#parts.push({ part, rows: [] });
  }

  /** @param {string} fault @param {Finding} finding */
  add(fault, { saw, lasted, recovered, lost }) {
    this.#parts.at(-1).rows.push([fault, saw, lasted, recovered, lost]);
  }

  toString() {
    return this.#parts
      .filter(({ rows }) => rows.length > 0)
      .map(({ part, rows }) =>
        [`### ${part}`, '', line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n'),
      )
      .join('\n\n');
  }

  /** Puts the table into a page, in the place of the one that is there. */
  async writeInto(page) {
    const text = readFileSync(page, 'utf8');
    const [before, rest] = text.split(begin);
    const after = rest?.split(end)[1];
    if (after === undefined) throw new Error(`${page} has no place for the table`);
    const written = `${before}${begin}\n\n${machine()}\n\n${this.toString()}\n\n${end}${after}`;
    writeFileSync(page, await format(written, { ...(await resolveConfig(page)), parser: 'markdown' }));
  }
}

function line(cells) {
  return `| ${cells.join(' | ')} |`;
}

function machine() {
  const [{ model } = { model: 'unknown' }] = cpus();
  const date = new Date().toISOString().slice(0, 10);
  return `Measured ${date} on ${cpus().length} cores (${model.trim()}), ${type()} ${release()} ${arch()}, Node ${process.versions.node}; load average ${loadavg()[0].toFixed(1)}.`;
}
