import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, it } from '@jest/globals';
import prettier from 'prettier';
import type { UnitTestTree } from '@angular-devkit/schematics/testing';
import { added, type Files } from './nest-app.js';

const load = createRequire(createRequire(import.meta.url).resolve('@nestjs/schematics/package.json'));
const { SchematicTestRunner } = load('@angular-devkit/schematics/testing') as Testing;

interface Testing {
  SchematicTestRunner: new (
    name: string,
    collection: string,
  ) => { runSchematic(name: string, options: object): Promise<UnitTestTree> };
}

/** The files that `nest new` makes. */
async function starter(): Promise<Files> {
  const runner = new SchematicTestRunner('@nestjs/schematics', load.resolve('./dist/collection.json'));
  const tree = await runner.runSchematic('application', { name: 'models', directory: '.', strict: true });
  return Object.fromEntries(tree.files.map((path) => [path.slice(1), tree.readContent(path)]));
}

describe("Nest's own starter", () => {
  it('has its test signed in, and refused without', async () => {
    const files = await starter();
    const result = await added(files, { issuer: 'https://login.example.com', check: false }, { prettier });
    expect(result.changed).toEqual(['.env.example', 'package.json', 'src/app.module.ts', 'test/app.e2e-spec.ts']);
    expect(result.warnings).toEqual([]);
    const changes = ['src/app.module.ts', 'test/app.e2e-spec.ts'].map((path) => difference(files, result.files, path));
    expect(changes).toEqual(shownDifferences());
  });
});

/** What the guide shows. */
function shownDifferences(): string[][] {
  const page = readFileSync(new URL('../../../../docs/installing.md', import.meta.url), 'utf8');
  return [...page.matchAll(/^```diff\n(.*?)\n```$/gms)].map(([, lines = '']) => lines.split('\n'));
}

/** The lines that are others, as `diff` shows them. */
function difference(before: Files, after: Files, path: string): string[] {
  const [old, now] = [before, after].map((files) => (files[path] ?? '').split('\n'));
  const lines: string[] = [];
  let next = 0;
  for (const line of old ?? []) {
    const found = (now ?? []).indexOf(line, next);
    if (found < 0) lines.push(`-${line}`);
    else {
      lines.push(...(now ?? []).slice(next, found).map((text) => `+${text}`));
      next = found + 1;
    }
  }
  return [...lines, ...(now ?? []).slice(next).map((text) => `+${text}`)];
}
