import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

const cli = join(import.meta.dirname, '..', 'libs', 'cli');

describe('the published command line', () => {
  const directory = mkdtempSync(join(tmpdir(), 'nmp-published-'));
  const token = tokenFor(Math.floor(Date.now() / 1000) + 86_400);
  const config = join(directory, 'config.yaml');
  const loaded = join(directory, 'loaded.txt');

  beforeAll(() => {
    const text = `current_context: default
clusters: [{ name: c, base_url: 'http://127.0.0.1:9' }]
users: [{ name: u, type: oauth, token: ${token}, refresh_token: r }]
contexts: [{ name: default, cluster: c, user: u }]
`;
    writeFileSync(config, text, { mode: 0o600 });
    const atTheEnd = `require('node:fs').writeFileSync(${JSON.stringify(loaded)}, Object.keys(require.cache).join('\\n'))`;
    writeFileSync(join(directory, 'spy.cjs'), `process.on('exit', () => ${atTheEnd});`);
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  const nemo = (...args: string[]) => {
    const spy = join(directory, 'spy.cjs');
    const { PATH = '' } = process.env;
    const env = { PATH, HOME: directory, NMP_CONFIG_FILE: config };
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ['--require', spy, join(cli, 'bin', 'nemo.js'), ...args],
      { env },
    );
    return { status, stdout: stdout.toString(), stderr: stderr.toString() };
  };
  const loadedFiles = (): string[] =>
    readFileSync(loaded, 'utf8')
      .split('\n')
      .filter((file) => !file.endsWith('spy.cjs'));

  it.each([['auth token'], ['--help'], ['workspaces --help']])('loads one file for %s', (command) => {
    expect(nemo(...command.split(' '))).toMatchObject({ status: 0, stderr: '' });
    expect(loadedFiles()).toEqual([join(cli, 'bin', 'nemo.js'), join(cli, 'dist', 'nemo.cjs')]);
  });

  it('prints the stored token, its claims as YAML and the version', () => {
    expect(nemo('auth', 'token').stdout).toBe(`${token}\n`);
    expect(nemo('auth', 'token', '--decode', '-f', 'yaml').stdout).toMatch(/^sub: alice\n/);
    const { version } = JSON.parse(readFileSync(join(cli, 'package.json'), 'utf8')) as { version: string };
    expect(nemo('--version').stdout).toBe(`${version}\n`);
  });

  it('reports errors like the modules do', () => {
    expect(nemo('auth', 'whoami')).toMatchObject({ status: 3, stderr: expect.stringMatching(/could not be reached/) });
    expect(nemo('auth', 'nonsense')).toMatchObject({ status: 2 });
  });

  it('carries the licence of everything in it', () => {
    const licences = readFileSync(join(cli, 'dist', 'nemo.licenses.txt'), 'utf8');
    for (const name of ['commander', 'yaml', 'oauth4webapi', 'proper-lockfile']) {
      expect(licences).toMatch(new RegExp(`^${name} \\d`, 'm'));
    }
  });
});

function tokenFor(exp: number): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'RS256' })}.${part({ sub: 'alice', exp, iat: exp - 90_000 })}.c2lnbmF0dXJl`;
}
