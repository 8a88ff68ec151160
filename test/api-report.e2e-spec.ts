import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

const root = join(import.meta.dirname, '..');

describe('the report of the public surface', () => {
  let folder: string;
  let output: string;
  let status: number | null;

  // In a copy one line is gone from one report, and one report is too many: one run of the program tells it all.
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'nmp-api-'));
    cpSync(join(root, 'api'), folder, { recursive: true });
    const tokens = join(folder, 'tokens.api.md');
    const lines = readFileSync(tokens, 'utf8').split('\n');
    writeFileSync(tokens, lines.filter((line) => !line.includes('function parseBearerToken(')).join('\n'));
    writeFileSync(join(folder, 'gone.api.md'), 'A package that is no more.\n');
    const script = join(root, 'scripts', 'api.mjs');
    const run = spawnSync(process.execPath, [script, '--check', '--folder', folder], { encoding: 'utf8' });
    [status, output] = [run.status, run.stderr];
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  it('is there for every entry of every package', () => {
    expect(readdirSync(join(root, 'api')).toSorted()).toEqual([
      'auth-testing.api.md',
      'auth.api.md',
      'cli.api.md',
      'dev-idp.api.md',
      'sdk.api.md',
      'tokens.api.md',
    ]);
  });

  it('is that of the packages as they are built', () => {
    const wrong = output.split('\n').filter((line) => line.endsWith('is not what the packages export:'));

    expect(wrong.map((line) => line.split(' ')[0])).toEqual(['tokens.api.md', 'gone.api.md']);
  });

  it('shows what has been added and what is gone', () => {
    expect(status).toBe(1);
    expect(output).toMatch(/^\+ export function parseBearerToken\(/m);
    expect(output).toContain('- A package that is no more.');
    expect(output).toContain('npm run api');
  });
});
