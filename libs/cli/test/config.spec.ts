import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CommandLine } from './support/command-line.js';

describe('nemo config', () => {
  let line: CommandLine;
  let token: string;

  beforeEach(async () => {
    line = await CommandLine.start();
    token = await line.signedIn();
  });
  afterEach(() => line.end());

  it('use-context changes the current context, and lists those there are', async () => {
    await line.config.file.update((document) => document.setBaseUrl('work', 'https://nmp.example.com'));
    await expect(line.run(['config', 'use-context', 'work'])).resolves.toEqual({
      exitCode: 0,
      stdout: '',
      stderr: 'Context "work" is now the current one.\n',
    });
    expect((await line.config.file.read()).currentContext).toBe('work');
    expect(await line.run(['config', 'use-context', 'wrok'])).toMatchObject({
      exitCode: 1,
      stderr: expect.stringMatching(/There is no context "wrok" .*It has: default, work/),
    });
    const env = { NMP_CURRENT_CONTEXT: 'default' };
    expect((await line.run(['config', 'use-context', 'work', '-f', 'json'], { env })).stderr).toMatch(
      /NMP_CURRENT_CONTEXT is set/,
    );
  });

  it('view prints the file without its secrets', async () => {
    const { stdout } = await line.run(['config', 'view']);
    expect(stdout).toContain('token: "***REDACTED***"');
    expect(stdout).toContain('name: default-user');
    for (const secret of [token, 'refresh-0']) expect(stdout).not.toContain(secret);
    expect(JSON.parse((await line.run(['config', 'view', '-f', 'json'])).stdout)).toMatchObject({
      current_context: 'default',
    });
  });

  it('view hides passwords in addresses, and secrets whose keys are written in another way', async () => {
    await line.config.write(`clusters:
  - name: c
    base_url: https://alice:hunter2@nmp.example.com
users:
  - name: u
    type: oauth
    Access_Token: aaa
    CLIENT_SECRET: bbb
`);
    for (const format of ['table', 'json', 'yaml']) {
      const { exitCode, stdout } = await line.run(['config', 'view', '-f', format]);
      expect(exitCode).toBe(0);
      expect(stdout).toContain('https://***REDACTED***@nmp.example.com');
      expect(stdout).not.toMatch(/alice|hunter2|aaa|bbb/);
    }
  });

  describe('set', () => {
    const current = async (name = 'default') => (await line.config.file.read()).context(name);

    it('changes the workspace and leaves everything else', async () => {
      const before = await line.config.read();
      expect(await line.run(['config', 'set', '--workspace', 'demo'])).toMatchObject({ exitCode: 0, stdout: '' });
      expect(await line.config.read()).toBe(before.replace('workspace: default', 'workspace: demo'));
    });

    it('makes a context, and the first one is the current one', async () => {
      const args = ['config', 'set', '--context', 'work', '--base-url', 'https://nmp.example.com/'];
      expect((await line.run(args)).stderr).toBe(`Context "work" is made in ${line.config.path}.\n`);
      expect(await current('work')).toEqual({
        name: 'work',
        baseUrl: 'https://nmp.example.com',
        workspace: 'default',
      });
      expect((await line.config.file.read()).currentContext).toBe('default');
      await line.config.write('');
      await line.run(args);
      expect((await line.config.file.read()).currentContext).toBe('work');
    });

    it('takes a token from stdin, or asks for it', async () => {
      const readInput = () => Promise.resolve('given-token\n');
      expect(await line.run(['config', 'set', '--access-token', '-'], { readInput })).toMatchObject({
        exitCode: 0,
        stderr: expect.stringMatching(/is changed in .*\nThe token replaces the sign-in that was there\.\n$/),
      });
      expect((await current())?.credentials).toEqual({ token: 'given-token' });
      await line.run(['config', 'set', '--access-token', '-'], { isInteractive: true });
      expect(line.prompts).toEqual(['Access token:']);
      expect((await current())?.credentials?.token).toBe('prompted-password');
      const promptSecret = () => Promise.resolve(' ');
      const empty = await line.run(['config', 'set', '--access-token', '-'], { isInteractive: true, promptSecret });
      expect(empty).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('cannot be empty') });
    });

    it('replaces the whole sign-in by a token: whoever was signed in does not come back', async () => {
      const given = line.idp.accessToken({ now: line.clock.now() });
      await line.config.signIn({
        baseUrl: line.platform.url,
        token,
        refreshToken: 'refresh-0',
        more: '\n    issuer: https://old-idp.example\n    client_id: old\n    resource: urn:old\n    scope: old',
      });
      expect(await line.run(['config', 'set', '--access-token', given])).toMatchObject({ exitCode: 0 });
      expect((await current())?.credentials).toEqual({ token: given, issuer: line.idp.issuer });
      expect(await line.run(['auth', 'refresh'])).toMatchObject({ exitCode: 1 });
      line.clock.advance(4000);
      expect(await line.run(['auth', 'token'])).toMatchObject({ exitCode: 1, stdout: '' });
      expect(line.idp.tokenRequests).toEqual([]);
    });

    it('sends no token to another platform than its own', async () => {
      const before = await line.config.read();
      const move = ['config', 'set', '--base-url', 'https://nmp.example.com'];
      expect(await line.run(move)).toMatchObject({
        exitCode: 1,
        stderr: expect.stringMatching(/must not go to https:\/\/nmp\.example\.com\. Run: nemo auth login --base-url/),
      });
      expect(await line.config.read()).toBe(before);
      await line.run([...move, '--access-token', 'new-token']);
      expect((await current())?.credentials).toEqual({ token: 'new-token' });
      await line.run(['auth', 'logout']);
      expect(await line.run(['config', 'set', '--base-url', line.platform.url])).toMatchObject({ exitCode: 0 });
    });

    it.each([
      [[], 2],
      [['--workspace', ''], 2],
      [['--workspace', 'No Such'], 2],
      [['--workspace', '../system'], 2],
      [['--access-token', ''], 2],
      [['--base-url', 'http://nmp.example.com'], 1],
    ])('refuses %j', async (args, exitCode) => {
      const before = await line.config.read();
      expect(await line.run(['config', 'set', ...args])).toMatchObject({ exitCode });
      expect(await line.config.read()).toBe(before);
    });
  });
});
