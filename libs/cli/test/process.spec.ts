import { execFile } from 'node:child_process';
import { access, constants, copyFile, mkdir, readdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { TypescriptProcess } from '../../sdk/test/support/typescript-process.js';
import { CommandLine } from './support/command-line.js';

const program = join(import.meta.dirname, 'support', 'start-main.ts');
const launcher = join(import.meta.dirname, '..', 'bin', 'nemo.js');

describe('the program as a process', () => {
  let line: CommandLine;

  beforeEach(async () => {
    line = await CommandLine.start();
  });
  afterEach(() => line.end());

  const start = (...args: string[]): TypescriptProcess =>
    TypescriptProcess.start(program, args, { NMP_CONFIG_FILE: line.config.path, HOME: line.config.directory });

  it('sets the exit code and keeps data and talk apart', async () => {
    await line.signedIn();
    line.platform.hasWorkspaces('one');
    const listed = await start('workspaces', 'list').result();
    expect(listed).toEqual({ exitCode: 0, stderr: '', stdout: expect.stringMatching(/^NAME.*\none /) });
    const unknown = await start('workspaces', 'lst').result();
    expect(unknown).toMatchObject({ exitCode: 2, stdout: '' });
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('gives up a device sign-in on %s and leaves the old sign-in as it was', async (signal, exitCode) => {
    await line.signedIn();
    const before = await line.config.read();
    line.idp.http.on('POST /device', line.idp.deviceCode());
    const child = start('auth', 'login', '--no-browser');
    await child.says('Waiting until you have signed in');
    child.signal(signal);
    const result = await child.result();
    expect(result).toMatchObject({ exitCode, stderr: expect.stringMatching(/Interrupted\.\n$/) });
    expect(await line.config.read()).toBe(before);
  });

  it.each([
    ['the identity provider', ['auth', 'refresh']],
    ['the identity provider, before a call', ['workspaces', 'list']],
    ['the revocation', ['auth', 'logout']],
  ])('ends with a word on Ctrl-C while %s hangs', async (what, args) => {
    const expired = line.idp.accessToken({ now: new Date('2020-01-01T00:00:00Z') });
    await line.config.signIn({ baseUrl: line.platform.url, token: expired, refreshToken: 'refresh-0' });
    const before = await line.config.read();
    const children: TypescriptProcess[] = [];
    const hang = (): Promise<never> => {
      children[0]?.signal('SIGINT');
      return new Promise(() => undefined);
    };
    line.idp.http.on('POST /token', hang);
    line.idp.http.on('POST /revoke', hang);
    children.push(start(...args));
    const result = await children[0]?.result();
    expect(result).toMatchObject({ exitCode: 130, stdout: '', stderr: expect.stringMatching(/^Interrupted\.\n/) });
    const after = await line.config.read();
    if (what === 'the revocation') expect(after).not.toContain('refresh-0');
    else expect(after).toBe(before);
    expect((await readdir(line.config.directory)).filter((name) => name.includes('.lock'))).toEqual([]);
  });

  describe.each(['stdout', 'stderr'] as const)('whose %s nobody reads any more', (output) => {
    beforeEach(async () => {
      const expired = line.idp.accessToken({ now: new Date('2020-01-01T00:00:00Z') });
      await line.config.signIn({ baseUrl: line.platform.url, token: expired, refreshToken: 'refresh-0' });
    });
    const startClosed = (...args: string[]): TypescriptProcess => {
      const child = start(...args);
      child.close(output);
      return child;
    };

    it('stores the refresh token that came in place of the used one', async () => {
      line.idp.rotate('refresh-0', () => ({ now: new Date() }));
      expect(await startClosed('auth', 'refresh', '--verbose', '-f', 'json').result()).toMatchObject({ exitCode: 0 });
      expect(await line.config.read()).toContain('refresh_token: refresh-2');
    });

    it('revokes the sign-in and forgets it', async () => {
      line.idp.http.on('POST /revoke', { status: 200, text: '' });
      const result = await startClosed('auth', 'logout', '--verbose', '-f', 'json').result();
      expect(result).toMatchObject({ exitCode: 0 });
      expect(line.idp.http.requestsTo('/revoke')).toHaveLength(2);
      expect(await line.config.read()).not.toContain('refresh-0');
    });
  });
});

describe('the launcher', () => {
  let line: CommandLine;

  beforeEach(async () => {
    line = await CommandLine.start();
  });
  afterEach(() => line.end());

  it('can be executed', async () => {
    await expect(access(launcher, constants.X_OK)).resolves.toBeUndefined();
  });

  it('says what to run when the program has not been built', async () => {
    await mkdir(join(line.config.directory, 'bin'));
    const copy = join(line.config.directory, 'bin', 'nemo.cjs');
    await copyFile(launcher, copy);
    const link = join(line.config.directory, 'nmp');
    await symlink(copy, link);
    const failure = promisify(execFile)(process.execPath, [link, 'auth', 'status']);
    await expect(failure).rejects.toMatchObject({
      code: 1,
      stdout: '',
      stderr: 'This program has not been built yet. Run: npm run build\n',
    });
  });
});
