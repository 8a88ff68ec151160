import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FakeKeychain } from '../../sdk/test/support/fake-keychain.js';
import { StandingClock } from '../../sdk/test/support/standing-clock.js';
import type { CommandResult } from './support/command-line.js';
import { CommandLine } from './support/command-line.js';

describe('nemo with tokens in the keychain', () => {
  let line: CommandLine;
  let keychain: FakeKeychain;
  let token: string;

  beforeEach(async () => {
    [line, keychain] = await Promise.all([CommandLine.start(), FakeKeychain.create()]);
    token = await line.signedIn();
    line.idp.rotate('refresh-0', () => ({ now: line.clock.now() }));
  });
  afterEach(() => Promise.all([line.end(), keychain.remove()]));

  // The clock stands still: the keychain's programs answer in time.
  const run = (args: string[], env = {}): Promise<CommandResult> =>
    line.run(args, { env: { ...keychain.env, ...env }, clock: new StandingClock() });
  const set = (...args: string[]): Promise<CommandResult> => run(['config', 'set', ...args]);

  it('config set moves them there and back', async () => {
    const before = await line.config.read();
    expect(await set('--token-store', 'keychain')).toEqual({
      exitCode: 0,
      stdout: '',
      stderr: `Context "default" is changed in ${line.config.path}.\nIts tokens are in the OS keychain.\n`,
    });
    expect(await keychain.tokens()).toEqual([{ token, refresh_token: 'refresh-0' }]);
    expect(await line.config.read()).not.toMatch(/eyJ|refresh-0/);
    expect((await run(['auth', 'token'])).stdout).toBe(`${token}\n`);
    expect((await set('--token-store', 'file')).stderr).toContain('Its tokens are in the file.\n');
    expect(await line.config.read()).toBe(`${before}    preferences:\n      token_store: file\n`);
    expect(await keychain.accounts()).toEqual([]);
  });

  it('config set is for the next sign-in where nobody is signed in', async () => {
    await run(['auth', 'logout']);
    expect((await set('--token-store', 'keychain')).stderr).toContain(
      'The tokens of the next sign-in go to the OS keychain.\n',
    );
    expect(await keychain.accounts()).toEqual([]);
    line.idp.http.on('POST /token', line.idp.tokens({ now: line.clock.now() }));
    const { stderr } = await run(['auth', 'login', '--username', 'alice', '--password', 'pw']);
    expect(stderr).toContain(
      `Saved in ${line.config.path}, context "default"; the tokens are in the OS keychain.\nNext: nemo workspaces list`,
    );
    expect(await line.config.read()).not.toMatch(/eyJ|refresh-/);
  });

  it('config set promises nothing when the keychain does not keep what it is given', async () => {
    await run(['auth', 'logout']);
    await keychain.uninstall();
    const { exitCode, stderr } = await set('--token-store', 'keychain');
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(/^Warning: The tokens are kept in .*, because the OS keychain cannot be used/);
    expect(stderr).not.toContain('next sign-in');
  });

  it('config set --access-token goes there as well, in place of the sign-in', async () => {
    await set('--token-store', 'keychain');
    await set('--access-token', 'given-token');
    expect(await keychain.tokens()).toEqual([{ token: 'given-token' }]);
    await set('--base-url', 'https://nmp.example.com', '--access-token', 'other', '--token-store', 'file');
    expect((await line.config.file.read()).context('default')?.credentials).toEqual({ token: 'other' });
    expect(await keychain.accounts()).toEqual([]);
  });

  it('config set takes no token along to another platform', async () => {
    await set('--token-store', 'keychain');
    expect(await set('--base-url', 'https://nmp.example.com')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('must not go to https://nmp.example.com'),
    });
    const elsewhere = await run(['auth', 'token', '--base-url', 'https://nmp.example.com']);
    expect(elsewhere).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('the stored sign-in belongs to') });
  });

  it('config view shows where they are', async () => {
    await set('--token-store', 'keychain');
    const { stdout } = await run(['config', 'view']);
    expect(stdout).toMatch(/type: oauth\n {4}token_store: keychain\n {4}keychain_item: [\da-f]{16}\/default-user\n/);
    expect(stdout).toMatch(/preferences:\n {6}token_store: keychain\n/);
  });

  it('status says where they are', async () => {
    await set('--token-store', 'keychain');
    expect(await run(['auth', 'status'])).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/Credentials +keychain\n[^]*Email +alice@example\.com/),
    });
    expect(JSON.parse((await run(['auth', 'status', '-f', 'json'])).stdout)).toMatchObject({
      credential_source: 'keychain',
      refresh_token: true,
    });
  });

  it('refresh replaces them, logout removes them', async () => {
    await set('--token-store', 'keychain');
    expect(await run(['auth', 'refresh'])).toMatchObject({ exitCode: 0 });
    expect(await keychain.tokens()).toEqual([
      { token: expect.not.stringContaining(token), refresh_token: 'refresh-2' },
    ]);
    expect(await run(['auth', 'logout'])).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('revoked') });
    expect(await keychain.accounts()).toEqual([]);
  });

  it('logout --all removes those of every context, and of users in none', async () => {
    await set('--token-store', 'keychain');
    await line.config.write((await line.config.read()).replace('    user: default-user\n', ''));
    expect((await run(['auth', 'logout', '--all'])).exitCode).toBe(0);
    expect(await keychain.accounts()).toEqual([]);
    expect(await line.config.read()).not.toContain('keychain_item');
  });

  it('asks for a sign-in when they are gone', async () => {
    await set('--token-store', 'keychain');
    await keychain.remove();
    keychain = await FakeKeychain.create();
    expect(await run(['auth', 'token'])).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: 'Error: The OS keychain no longer has the tokens of context "default". Run: nemo auth login\n',
    });
    expect(await run(['auth', 'status'])).toMatchObject({ exitCode: 1 });
  });

  it('is told of a place that does not exist', async () => {
    expect(await set('--token-store', 'safe')).toMatchObject({ exitCode: 2 });
    const login = await run(['auth', 'login', '--username', 'alice', '--password', 'pw'], { NMP_TOKEN_STORE: 'safe' });
    expect(login).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('NMP_TOKEN_STORE is "safe"') });
    expect(line.idp.tokenRequests).toEqual([]);
  });
});
