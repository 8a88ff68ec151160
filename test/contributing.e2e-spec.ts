import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const root = join(import.meta.dirname, '..');
const page = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8');
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> };

/** The text below a heading, up to the next one. */
function section(heading: string): string {
  return new RegExp(`^## ${heading}\\n([^]*?)^## `, 'm').exec(page)?.[1] ?? '';
}

describe('CONTRIBUTING.md', () => {
  const trace = section('One request, in ten steps');
  const stations = [...trace.matchAll(/\[`(\w+)`\]\(([^)]+)\)/g)].map(([, name = '', file = '']) => ({ name, file }));

  it('follows one request in ten steps', () => {
    expect([...trace.matchAll(/^(\d+)\. /gm)].map(([, number]) => Number(number))).toEqual(
      Array.from({ length: 10 }, (_, at) => at + 1),
    );
    expect(stations.length).toBeGreaterThan(10);
  });

  it.each(stations)('finds $name in $file', ({ name, file }) => {
    expect(readFileSync(join(root, file), 'utf8')).toMatch(
      new RegExp(`^export (?:abstract )?(?:class|function|async function|const) ${name}\\b`, 'm'),
    );
  });

  it('names commands that there are', () => {
    const named = [...section('Commands').matchAll(/`(?:npm run )([\w:]+)/g)].map(([, name = '']) => name);
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((name) => scripts[name] === undefined)).toEqual([]);
  });

  it('names every command', () => {
    const table = section('Commands');
    const unnamed = Object.keys(scripts).filter((name) => !new RegExp(`\`(?:npm run |npm )?${name}\\b`).test(table));
    expect(unnamed).toEqual([]);
  });
});
