import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Row } from './security/prove.js';

const root = join(import.meta.dirname, '..');
const page = readFileSync(join(root, 'docs', 'security-model.md'), 'utf8');
const serverRows = join(root, 'test', 'security', 'rows');
const clientRows = join(root, 'libs', 'cli', 'test', 'security', 'rows');

/** A row of the page's tables: what is said to happen, and the cases that are said to show it. */
interface Claim {
  readonly attack: string;
  readonly answer: string;
  readonly ids: readonly string[];
}

// What the page says of answers is what the cases of the security suites expect.
describe('docs/security-model.md', () => {
  const cases: Row[] = [];

  beforeAll(async () => {
    for (const file of readdirSync(serverRows)) {
      const rows = (await import(join(serverRows, file))) as Record<string, readonly Row[]>; // what these files export
      cases.push(...Object.values(rows).flat());
    }
  });

  const claims = claimsOf();

  it.each(claims.filter(({ ids }) => !ids[0]?.startsWith('L')))('$attack: $answer ($ids)', ({ answer, ids }) => {
    const [, status, code] = /^(\d{3}) `(\w+)`$/.exec(answer) ?? [];
    for (const id of ids) {
      const answers = cases.filter((row) => row.id === id).map((row) => row.answer);
      expect([id, answers]).toEqual([id, expect.arrayContaining([expect.anything()])]);
      if (code !== undefined) {
        expect([id, answers]).toEqual([
          id,
          expect.arrayContaining([expect.objectContaining({ status: Number(status), code })]),
        ]);
      }
      if (answer === 'the start is refused') {
        expect([id, answers]).toEqual([id, expect.arrayContaining([expect.objectContaining({ status: [] })])]);
      }
    }
  });

  it.each(claims.filter(({ ids }) => ids[0]?.startsWith('L')))('$attack ($ids)', ({ ids }) => {
    const text = readdirSync(clientRows).map((file) => readFileSync(join(clientRows, file), 'utf8'));
    for (const id of ids) expect([id, text.some((rows) => rows.includes(`id: '${id}'`))]).toEqual([id, true]);
  });

  it('has a case or a test in every row of what is refused', () => {
    const section = page.slice(page.indexOf('## What is refused'), page.indexOf('## What is kept where'));
    const rows = section.split('\n').filter((line) => line.startsWith('| ') && !/^\| (attack|-)/.test(line));
    expect(rows.filter((row) => !/ [A-Z]\d\d +\|$/.test(row) && !/\]\(\.\.\/\S+\) +\|$/.test(row))).toEqual([]);
    expect(claims.length).toBe(rows.filter((row) => / [A-Z]\d\d +\|$/.test(row)).length);
  });
});

/** The rows whose last column is a list of cases. */
function claimsOf(): Claim[] {
  const rows = page.matchAll(/^\| (.+?) +\| (.+?) +\| ([A-Z]\d\d(?: [A-Z]\d\d)*) +\|$/gm);
  return [...rows].map(([, attack = '', answer = '', ids = '']) => ({ attack, answer, ids: ids.split(' ') }));
}
