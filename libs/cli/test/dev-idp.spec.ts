import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DevIdp, FormBrowser } from '@nmp/dev-idp';
import { FakeClock } from '../../sdk/test/support/fake-clock.js';
import { CommandLine } from './support/command-line.js';

const alice = ['--username', 'alice@example.com', '--password', 'alice-password'];

describe('with a real identity provider', () => {
  let idp: DevIdp;
  let line: CommandLine;

  beforeAll(async () => {
    idp = await DevIdp.start();
  });
  afterAll(() => idp.close());

  beforeEach(async () => {
    line = await CommandLine.start();
    line.clock = new FakeClock(new Date().toISOString());
    const response = await fetch(`${idp.issuer}/.well-known/openid-configuration`);
    const document = (await response.json()) as Record<string, unknown>;
    const { issuer, token_endpoint, device_authorization_endpoint } = document;
    line.platform.discovers({ issuer, token_endpoint, device_authorization_endpoint });
    line.platform.hasWorkspaces('one');
  });
  afterEach(() => line.end());

  const login = (...args: string[]) => line.run(['auth', 'login', '--base-url', line.platform.url, ...args]);

  it('signs in by device flow, approved on the real pages', async () => {
    const openBrowser = async (url: string): Promise<void> => {
      const browser = await new FormBrowser().open(url);
      await browser.submit({}, { button: 'Continue' });
      await browser.submit({ login: 'alice@example.com', password: 'alice-password' });
      await browser.submit({}, { button: 'Allow' });
    };
    const env = { NMP_BASE_URL: line.platform.url };
    const { exitCode, stderr } = await line.run(['auth', 'login'], { openBrowser, env });
    expect(stderr).toContain('as alice@example.com.');
    expect(exitCode).toBe(0);
    expect((await line.run(['workspaces', 'list'])).stdout).toContain('one');
    const token = (await line.run(['auth', 'token'])).stdout.trim();
    expect(line.platform.bearers).toEqual([token, token, token]); // the sign-in tried it, in two ways
  });

  it('has nothing that the doctor would change', async () => {
    expect((await login(...alice)).exitCode).toBe(0);
    const readInput = async (): Promise<string> => (await line.run(['auth', 'token'])).stdout;
    const subject = ['--issuer', idp.issuer, '--client-id', 'nmp-cli', '--audience', 'nmp-platform', '--with-token'];
    const { exitCode, stdout } = await line.run(['auth', 'doctor', ...subject], { readInput });
    expect(stdout).not.toMatch(/^(warning|problem)/m);
    expect(stdout).toMatch(/^ok +signature: It verifies/m);
    expect(exitCode).toBe(0);
  });

  it('signs in with the browser alone, which comes back by itself', async () => {
    const openBrowser = async (url: string): Promise<void> => {
      const browser = await new FormBrowser().open(url);
      await browser.submit({ login: 'alice@example.com', password: 'alice-password' });
      await browser.submit({}, { button: 'Allow' });
      expect(browser.text).toContain('The sign-in is done.');
    };
    const args = ['auth', 'login', '--browser', '--base-url', line.platform.url];
    const { exitCode, stderr } = await line.run(args, { openBrowser });
    expect(stderr).toContain('as alice@example.com.');
    expect(stderr).toContain('The token is refreshed by itself from now on.');
    expect(exitCode).toBe(0);
    expect(await line.run(['auth', 'refresh'])).toMatchObject({ exitCode: 0 });
  });

  it('signs in by password, refreshes with rotation, and signs out for good', async () => {
    expect(await login(...alice)).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('platform:write') });
    const first = (await line.config.file.read()).context('default')?.credentials;
    expect(await line.run(['auth', 'refresh'])).toMatchObject({ exitCode: 0 });
    const second = (await line.config.file.read()).context('default')?.credentials;
    expect(second?.token).not.toBe(first?.token);
    expect(second?.refreshToken).not.toBe(first?.refreshToken);

    expect(await line.run(['auth', 'logout'])).toMatchObject({
      exitCode: 0,
      stderr: expect.stringMatching(/sign-in is revoked.*\n.*until it expires/),
    });
    await line.config.signIn({
      baseUrl: line.platform.url,
      token: second?.token ?? '',
      refreshToken: second?.refreshToken ?? '',
    });
    expect(await line.run(['auth', 'refresh'])).toMatchObject({
      exitCode: 1,
      stderr: expect.stringMatching(/no longer accepts it\. Run: nemo auth login/),
    });
  });

  it('signs a client in for itself, and stores a token that came from elsewhere', async () => {
    line.platform.on('GET /apis/auth/v2/whoami', { json: { principal: { kind: 'client', id: 'nmp-ci' }, scopes: [] } });
    const args = ['--client-credentials', '--client-id', 'nmp-ci', '--client-secret-stdin'];
    const readInput = () => Promise.resolve('nmp-ci-secret\n');
    const signedIn = await line.run(['auth', 'login', '--base-url', line.platform.url, ...args], { readInput });
    expect(signedIn).toMatchObject({ exitCode: 0, stderr: expect.stringMatching(/as the client nmp-ci\./) });
    expect(signedIn.stderr).toMatch(/Scopes granted: .*platform:write/);
    const { stdout: token } = await line.run(['auth', 'token']);
    const options = { readInput: () => Promise.resolve(token) };
    expect(
      await line.run(['auth', 'login', '--context', 'given', '--with-token', '--base-url', line.platform.url], options),
    ).toMatchObject({ exitCode: 0 });
    expect((await line.run(['auth', 'token', '--context', 'given'])).stdout).toBe(token);
  });

  it('refreshes by itself when the token has ended', async () => {
    await login(...alice);
    const before = (await line.run(['auth', 'token'])).stdout;
    line.clock.advance(86_400);
    expect(await line.run(['workspaces', 'list'])).toMatchObject({ exitCode: 0, stderr: '' });
    expect(line.platform.bearers.at(-1)).not.toBe(before.trim());
  });

  it('asks for less when told to', async () => {
    const { stderr } = await login('--scope', 'platform:read', ...alice);
    expect(stderr).toMatch(/Scopes granted: .*platform:read/);
    expect(stderr).not.toContain('platform:write');
  });

  it.each([
    ['a wrong password', ['--username', 'alice@example.com', '--password', 'wrong'], /Check the username and password/],
    ['a scope that does not exist', ['--scope', 'platform:fly', ...alice], /invalid_scope.*--scope/],
  ])('says what to do about %s', async (_, args, message) => {
    const { exitCode, stderr } = await login(...args);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(message);
  });
});
