import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from './command.js';

class FakeTerminal {
  readonly output: string[] = [];
  readonly errors: string[] = [];
  readonly listeners = new Map<string, () => void>();
  readonly #waiting: (() => void)[] = [];
  readonly stdout = {
    write: (text: string): void => {
      this.output.push(text);
      if (text.includes(' ready at ')) for (const resolve of this.#waiting) resolve();
    },
  };
  readonly stderr = { write: (text: string): unknown => this.errors.push(text) };

  on(signal: string, listener: () => void): void {
    this.listeners.set(signal, listener);
  }

  ready(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}

describe('nmp-dev-idp', () => {
  let directory: string;
  let terminal: FakeTerminal;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'dev-idp-'));
    terminal = new FakeTerminal();
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  it('explains itself', async () => {
    expect(await runCommand(['--help'], terminal)).toBe(0);
    for (const option of ['--port', '--host', '--issuer', '--data-dir', '--accounts']) {
      expect(terminal.output.join('')).toContain(option);
    }
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'])('runs until %s and ends cleanly', async (signal) => {
    const ready = terminal.ready();
    const ended = runCommand(['--port', '0', '--data-dir', join(directory, 'data')], terminal);
    await ready;
    const [, issuer = ''] = /ready at (\S+)/.exec(terminal.output.join('')) ?? [];
    expect(issuer).toMatch(/^http:\/\/localhost:\d+$/);
    const discovery = await fetch(`${issuer.replace('localhost', '127.0.0.1')}/.well-known/openid-configuration`);
    expect(await discovery.json()).toMatchObject({ issuer });
    terminal.listeners.get(signal)?.();
    expect(await ended).toBe(0);
    await expect(fetch(issuer)).rejects.toThrow();
    expect(terminal.output.join('')).toContain('Sign in as alice@example.com (password alice-password) or admin@');
    expect(terminal.errors).toEqual([]);
  });

  it.each([
    ['an unknown option', ['--prot', '1'], /Unknown option '--prot'/],
    ['a port that is none', ['--port', '70000'], /--port must be a number from 0 to 65535, not "70000"/],
    ['an address others reach', ['--host', '0.0.0.0'], /host "0\.0\.0\.0" is refused/],
    ['an issuer with a path', ['--issuer', 'http://localhost:8081/realm'], /issuer .* must be http/],
    [
      'a missing accounts file',
      ['--accounts', '/nowhere/accounts.yaml'],
      /cannot read .*accounts\.yaml \(ENOENT, no such file or directory\)/,
    ],
    [
      'a data directory that is a file',
      ['--data-dir', '/dev/null'],
      /cannot use the data directory \/dev\/null \(it is not a directory\)/,
    ],
  ])('refuses %s in one line', async (_what, args, message) => {
    expect(await runCommand(['--port', '0', ...args], terminal)).toBe(1);
    expect(terminal.errors).toEqual([expect.stringMatching(message)]);
    expect(terminal.errors[0]).toMatch(/^nmp-dev-idp: [^\n]+\n$/);
  });

  it('refuses wrong YAML in one line', async () => {
    const file = join(directory, 'accounts.yaml');
    await writeFile(file, 'accounts: [');
    expect(await runCommand(['--port', '0', '--accounts', file], terminal)).toBe(1);
    expect(terminal.errors.join('')).toMatch(/^nmp-dev-idp: \S+accounts\.yaml is not valid YAML: [^\n]+\n$/);
  });

  it('names the port that is taken, and leaves its data directory free', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    const args = ['--port', String(port), '--data-dir', directory];
    expect(await runCommand(args, terminal)).toBe(1);
    expect(terminal.errors).toEqual([
      `nmp-dev-idp: port ${port} is already in use: stop what listens there, or choose another port\n`,
    ]);
    await new Promise((resolve) => other.close(resolve));
    const second = new FakeTerminal();
    const ready = second.ready();
    const ended = runCommand(args, second);
    await ready;
    second.listeners.get('SIGINT')?.();
    expect(await ended).toBe(0);
  });
});
