import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

const scripts = join(import.meta.dirname, '..', 'scripts', 'install');

describe('what is missing from node_modules', () => {
  let directory: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'nmp-install-'));
    write('package-lock.json', {
      packages: {
        '': { name: 'root' },
        'libs/tokens': { version: '0.1.0' },
        'node_modules/@nmp/tokens': { resolved: 'libs/tokens', link: true },
        'node_modules/yaml': { version: '2.9.1' },
        'node_modules/tool-for-another-system': { version: '1.0.0', optional: true },
      },
    });
    write('node_modules/.package-lock.json', { packages: { 'node_modules/yaml': { version: '2.9.1' } } });
    write('node_modules/yaml/package.json', {});
    write('libs/tokens/package.json', {});
    mkdirSync(join(directory, 'node_modules', '@nmp'));
    symlinkSync(join('..', '..', 'libs', 'tokens'), join(directory, 'node_modules', '@nmp', 'tokens'));
  });

  afterEach(() => {
    rmSync(directory, { recursive: true });
  });

  it('is nothing when all is there, packages for other systems aside', () => {
    expect(missing()).toEqual([]);
  });

  it('is everything after a fresh clone', () => {
    remove('node_modules');

    expect(missing()).toEqual(['node_modules is missing']);
  });

  it('is a package of another version than the locked one', () => {
    write('node_modules/.package-lock.json', { packages: { 'node_modules/yaml': { version: '2.8.0' } } });

    expect(missing()).toEqual(['node_modules/yaml is 2.8.0 instead of 2.9.1']);
  });

  it('is a package whose folder was deleted', () => {
    remove('node_modules/yaml');

    expect(missing()).toEqual(['node_modules/yaml is missing']);
  });

  it('is a package that npm did not install', () => {
    write('node_modules/.package-lock.json', { packages: {} });

    expect(missing()).toEqual(['node_modules/yaml is missing']);
  });

  it('is a library of the workspace that is not linked, or linked to somewhere else', () => {
    remove('node_modules/@nmp/tokens');
    expect(missing()).toEqual(['node_modules/@nmp/tokens is not linked']);

    mkdirSync(join(directory, 'node_modules', '@nmp', 'tokens'));
    expect(missing()).toEqual(['node_modules/@nmp/tokens is not linked']);
  });

  function missing(): unknown {
    return evaluate('missing-packages.mjs', `missingPackages(${JSON.stringify(directory)})`);
  }

  function write(file: string, content: unknown): void {
    mkdirSync(join(directory, file, '..'), { recursive: true });
    writeFileSync(join(directory, file), JSON.stringify(content));
  }

  function remove(path: string): void {
    rmSync(join(directory, path), { recursive: true });
  }
});

describe('the Node versions we run on', () => {
  it('are 20 from 20.19, 22 from 22.12, and everything newer', () => {
    const versions = ['18.20.0', '20.18.3', '20.19.0', '20.20.2', '21.7.0', '22.11.0', '22.12.0', '23.0.0', '24.9.0'];

    const accepted = evaluate('node-version.mjs', `${JSON.stringify(versions)}.filter(runsOnNode)`);

    expect(accepted).toEqual(['20.19.0', '20.20.2', '22.12.0', '23.0.0', '24.9.0']);
  });
});

/** Evaluates an expression with the exports of an install script, in a Node of its own as it runs there. */
function evaluate(file: string, expression: string): unknown {
  const module = JSON.stringify(pathToFileURL(join(scripts, file)).href);
  const code = `const { missingPackages, runsOnNode } = await import(${module}); console.log(JSON.stringify(${expression}));`;
  return JSON.parse(execFileSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' }));
}
