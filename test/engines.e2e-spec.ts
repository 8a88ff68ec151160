import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

const script = join(import.meta.dirname, '..', 'scripts', 'check-engines.mjs');

describe('the engines check', () => {
  let directory: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'nmp-engines-'));
  });

  afterEach(() => {
    rmSync(directory, { recursive: true });
  });

  it('is content with the locked packages', () => {
    expect(check()).toEqual({ status: 0, stderr: '' });
  });

  it.each([
    ['a newer major', '>=22'],
    ['a later minor', '^20.20'],
    ['an older one only', '^18'],
    ['a range that is none', 'latest and greatest'],
  ])('names a package that asks for %s', (_kind, node) => {
    const lock = locked({ 'node_modules/tool': { version: '4.1.0', engines: { node } } });

    const { status, stderr } = check(lock);

    expect(status).toBe(1);
    expect(stderr).toContain(`node_modules/tool@4.1.0 needs node ${node}`);
  });

  it('looks at nested and at development packages as well', () => {
    const lock = locked({
      'node_modules/a/node_modules/b': { version: '1.0.0', engines: { node: '>=24' } },
      'node_modules/c': { version: '2.0.0', dev: true, engines: { node: '>=24' } },
    });

    expect(check(lock).stderr).toContain('2 package(s) do not admit Node 20.19.0');
  });

  it.each([['^20.19 || >=22.12'], ['>=18'], ['*'], [undefined]])('admits %s', (node) => {
    const engines = node === undefined ? {} : { engines: { node } };

    expect(check(locked({ 'node_modules/tool': { version: '1.0.0', ...engines } })).status).toBe(0);
  });

  function locked(packages: Record<string, unknown>): string {
    const file = join(directory, 'package-lock.json');
    writeFileSync(file, JSON.stringify({ packages }));
    return file;
  }
});

function check(...args: string[]): { status: number | null; stderr: string } {
  const { status, stderr } = spawnSync(process.execPath, [script, ...args], { encoding: 'utf8' });
  return { status, stderr };
}
