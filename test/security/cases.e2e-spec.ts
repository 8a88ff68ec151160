import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { cases } from './cases.js';

const root = join(import.meta.dirname, '..', '..');
const suites = [join(root, 'test', 'security'), join(root, 'libs', 'cli', 'test', 'security')];

describe('the cases of the security suites', () => {
  it('all have a test, and every test is of one of them', async () => {
    const proven = new Set<string>();
    for (const suite of suites) for (const id of await idsIn(join(suite, 'rows'))) proven.add(id);
    expect(untested(Object.keys(cases), proven)).toEqual([]);
    expect([...proven].filter((id) => !Object.hasOwn(cases, id))).toEqual([]);
  });

  it('are played: every file of rows belongs to a suite', () => {
    const idle = suites.flatMap((suite) => {
      const texts = readdirSync(suite)
        .filter((file) => /\.(e2e-)?spec\.ts$/.test(file))
        .map((file) => readFileSync(join(suite, file), 'utf8'));
      const rows = readdirSync(join(suite, 'rows')).map((file) => file.replace(/\.ts$/, '.js'));
      return rows.filter((file) => !texts.some((text) => text.includes(`'./rows/${file}'`)));
    });
    expect(idle).toEqual([]);
  });

  it('would be named if one had no test', () => {
    const all = Object.keys(cases);
    expect(untested(all, new Set(all.filter((id) => id !== 'J01')))).toEqual([`J01: ${cases.J01}`]);
  });
});

function untested(ids: readonly string[], proven: ReadonlySet<string>): string[] {
  return ids.filter((id) => !proven.has(id)).map((id) => `${id}: ${cases[id]}`);
}

async function idsIn(folder: string): Promise<string[]> {
  const ids: string[] = [];
  for (const file of readdirSync(folder)) {
    // What these files export.
    const rows = (await import(join(folder, file))) as Record<string, readonly { readonly id: string }[]>;
    ids.push(
      ...Object.values(rows)
        .flat()
        .map(({ id }) => id),
    );
  }
  return ids;
}
