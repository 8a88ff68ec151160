import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

const root = join(import.meta.dirname, '..');

describe('npm run licences', () => {
  let directory: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'nmp-licences-'));
  });

  afterEach(() => {
    rmSync(directory, { recursive: true });
  });

  it('is content with what the product is made of, and counts it', () => {
    const { status, stdout, stderr } = check(root);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/^production: \d+ packages: MIT \d+, .*\ndevelopment: \d+ packages: MIT \d+, /);
    expect(stdout).not.toContain('unknown');
  });

  it.each(['MIT', 'MIT OR GPL-3.0-only', '(MIT AND (ISC OR GPL-2.0))', 'Apache-2.0 AND MIT'])(
    'accepts %s',
    (license) => {
      expect(refused({ 'node_modules/tool': { license } })).toEqual({ status: 0, lines: [] });
    },
  );

  it.each([
    'GPL-3.0-only',
    'AGPL-3.0-or-later',
    'LGPL-2.1',
    'MPL-2.0',
    'MIT AND GPL-2.0',
    'SEE LICENSE IN LICENSE.md',
    'UNLICENSED',
    '(MIT',
    'MIT OR',
    'MIT ISC',
    '',
  ])('refuses %s', (license) => {
    const lines = [`node_modules/tool has the licence ${license}`.trim()];
    expect(refused({ 'node_modules/tool': { license } })).toEqual({ status: 1, lines });
  });

  it('refuses a package that says nothing, unless the licence is in its files', () => {
    expect(refused({ 'node_modules/tool': {} }).lines).toEqual(['node_modules/tool has no known licence']);
    install('tool', { 'package.json': '{"licenses":[{"type":"MIT"}]}' });
    expect(refused({ 'node_modules/tool': {} }).lines).toEqual([]);
    install('tool', { 'package.json': '{}', LICENSE: 'All rights reserved.' });
    expect(refused({ 'node_modules/tool': {} }).status).toBe(1);
    const text = 'Permission is hereby granted, free of charge, to any person\nobtaining a copy of this software';
    install('tool', { 'package.json': '{}', LICENSE: text });
    expect(refused({ 'node_modules/tool': {} }).status).toBe(0);
  });

  it('looks at what is needed by the product, and wherever it lies', () => {
    expect(refused({ 'node_modules/tool': { license: 'GPL-3.0-only', dev: true } }).status).toBe(0);
    const nested = { license: 'GPL-3.0-only', optional: true };
    expect(refused({ 'libs/sdk/node_modules/a/node_modules/b': nested }).lines).toEqual([
      'libs/sdk/node_modules/a/node_modules/b has the licence GPL-3.0-only',
    ]);
  });

  it('refuses programs that run at installation, unless they are switched off', () => {
    const packages = { 'node_modules/a/node_modules/@x/tool': { license: 'MIT', hasInstallScript: true } };
    const line = 'node_modules/a/node_modules/@x/tool runs a program when it is installed';
    expect(refused(packages)).toEqual({ status: 1, lines: [line] });
    expect(refused(packages, { '@x/tool': true }).lines).toEqual([line]);
    expect(refused(packages, { '@x/tool': false })).toEqual({ status: 0, lines: [] });
  });

  function refused(packages: object, allowScripts: object = {}): { status: number | null; lines: string[] } {
    writeFileSync(join(directory, 'package.json'), JSON.stringify({ allowScripts }));
    const own = { '': { license: 'Apache-2.0' }, 'node_modules/@nmp/sdk': { link: true } };
    writeFileSync(join(directory, 'package-lock.json'), JSON.stringify({ packages: { ...own, ...packages } }));
    const { status, stderr } = check(directory);
    const lines = stderr.split('\n').filter((line) => line.startsWith('  '));
    return { status, lines: lines.map((line) => line.trim()) };
  }

  function install(name: string, files: Readonly<Record<string, string>>): void {
    mkdirSync(join(directory, 'node_modules', name), { recursive: true });
    for (const [file, text] of Object.entries(files)) writeFileSync(join(directory, 'node_modules', name, file), text);
  }
});

function check(directory: string): { status: number | null; stdout: string; stderr: string } {
  const script = join(root, 'scripts', 'licences.mjs');
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, directory], { encoding: 'utf8' });
  return { status, stdout, stderr };
}
