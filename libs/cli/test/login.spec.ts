import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FakeClock } from '../../sdk/test/support/fake-clock.js';
import { Interruption } from '@nmp/cli';
import type { CommandResult } from './support/command-line.js';
import { CommandLine } from './support/command-line.js';

const password = ['--username', 'alice@example.com', '--password', 'wonderland'];

describe('nemo auth login', () => {
  let line: CommandLine;

  beforeEach(async () => {
    line = await CommandLine.start();
  });
  afterEach(() => line.end());

  const login = (...args: string[]): Promise<CommandResult> =>
    line.run(['auth', 'login', '--base-url', line.platform.url, ...args]);

  describe('by device flow', () => {
    it('shows page and code, opens the browser, waits, stores, and says what to do next', async () => {
      line.allowDeviceLogin();
      const { exitCode, stdout, stderr } = await login();
      expect(stderr).toContain('https://idp.example.com/device');
      expect(stderr).toContain('ABCD-EFGH');
      expect(stderr).toContain(`Signed in to ${line.platform.url} as alice@example.com.`);
      expect(stderr).toContain('Next: nemo workspaces list');
      expect(exitCode).toBe(0);
      expect(stdout).toBe('');
      expect(line.openedPages).toEqual(['https://idp.example.com/device']);
      expect(line.clock.sleptSeconds).toEqual([5, 5]);
      expect(await line.config.mode()).toBe('600');
      expect((await line.config.file.read()).context('default')).toMatchObject({
        baseUrl: line.platform.url,
        workspace: 'default',
        credentials: { refreshToken: 'refresh-1', issuer: line.idp.issuer },
      });
    });

    it('opens the page with the code filled in if there is one, and still shows the code', async () => {
      line.allowDeviceLogin();
      const complete = 'https://idp.example.com/device?user_code=ABCD-EFGH';
      line.idp.http.on('POST /device', line.idp.deviceCode({ verification_uri_complete: complete }));
      const { stderr } = await login();
      expect(line.openedPages).toEqual([complete]);
      expect(stderr).toContain('Enter this code:  ABCD-EFGH');
    });

    it('opens nothing with --no-browser, and goes on when no browser can be opened', async () => {
      line.allowDeviceLogin();
      expect((await login('--no-browser')).exitCode).toBe(0);
      expect(line.openedPages).toEqual([]);
      line.allowDeviceLogin();
      const openBrowser = () => Promise.reject(new Error('no display'));
      const { exitCode, stderr } = await line.run(['auth', 'login'], { openBrowser });
      expect(exitCode).toBe(0);
      expect(stderr).toContain('no display');
    });

    it.each([
      ['on a terminal', true, {}, true],
      ['on a terminal with NO_COLOR', true, { NO_COLOR: '1' }, false],
      ['elsewhere', false, {}, false],
    ])('shows the code in bold or not %s', async (_, isTTY, env, isBold) => {
      line.allowDeviceLogin();
      let written = '';
      const write = (text: string): number => (written += text).length;
      const world = { stderr: { isTTY, write }, env: { ...env, NMP_BASE_URL: line.platform.url } };
      expect(await line.run(['auth', 'login'], world)).toMatchObject({ exitCode: 0 });
      expect(written.includes('\u001b[1mABCD-EFGH')).toBe(isBold);
      // eslint-disable-next-line no-control-regex -- colours are what it looks for
      expect(/\u001b\[\d+m/.test(written)).toBe(isBold);
    });

    it('makes what servers say harmless', async () => {
      const evil = 'x\u001b[2J\u202ey';
      line.platform.discovers({ default_scopes: `openid ${evil}`, issuer: `https://idp.example.com/${evil}` });
      line.idp.http.on('POST /device', line.idp.deviceCode({ user_code: evil }));
      line.idp.http.on(
        'POST /token',
        line.idp.tokens({ now: line.clock.now(), claims: { email: evil } }, { scope: evil }),
      );
      const { exitCode, stderr } = await login();
      expect(exitCode).toBe(0);
      expect(stderr).toContain('x [2J y');
      expect(stderr).not.toMatch(/\p{Bidi_Control}|(?!\n)\p{Cc}/u);
    });

    it('ends with 130 on Ctrl-C and leaves the old sign-in as it was', async () => {
      await line.signedIn();
      const before = await line.config.read();
      line.idp.http.on('POST /device', line.idp.deviceCode());
      line.idp.http.on('POST /token', line.idp.error('authorization_pending'));
      const controller = new AbortController();
      line.clock = new FakeClock(undefined, (count) => {
        if (count === 3) controller.abort(new Interruption(130));
      });
      const { exitCode, stderr } = await line.run(['auth', 'login'], { signal: controller.signal });
      expect(exitCode).toBe(130);
      expect(stderr).toMatch(/Interrupted\.\n$/);
      expect(await line.config.read()).toBe(before);
    });
  });

  describe('by password', () => {
    beforeEach(() => line.idp.http.on('POST /token', line.idp.tokens({ now: line.clock.now() })));

    it('sends the credentials once, warns about the grant, and shows neither password nor token', async () => {
      const { exitCode, stdout, stderr } = await login(...password);
      expect(exitCode).toBe(0);
      expect(stderr).toMatch(/bypasses MFA[\s\S]*CI and testing/);
      expect(line.idp.tokenRequests).toEqual([
        {
          grant_type: 'password',
          client_id: 'nmp-cli',
          username: 'alice@example.com',
          password: 'wonderland',
          scope: 'openid profile email offline_access platform:read platform:write',
        },
      ]);
      const token = (await line.config.file.read()).context('default')?.credentials?.token ?? 'none';
      for (const secret of ['wonderland', token, 'refresh-1']) expect(stdout + stderr).not.toContain(secret);
    });

    it('reads the credentials from the environment', async () => {
      const env = { NMP_OIDC_USERNAME: 'ci', NMP_OIDC_PASSWORD: 'pw', NMP_BASE_URL: line.platform.url };
      expect((await line.run(['auth', 'login'], { env })).exitCode).toBe(0);
      expect(line.idp.tokenRequests[0]).toMatchObject({ username: 'ci', password: 'pw' });
    });

    it('asks for the password on a terminal', async () => {
      const args = ['auth', 'login', '--base-url', line.platform.url, '--username', 'alice@example.com'];
      expect((await line.run(args, { isInteractive: true })).exitCode).toBe(0);
      expect(line.prompts).toEqual(['Password of alice@example.com:']);
      expect(line.idp.tokenRequests[0]).toMatchObject({ password: 'prompted-password' });
    });

    it('ends with 130 when the person does not want to give it', async () => {
      const promptSecret = () => Promise.reject(new Interruption(130));
      const args = ['auth', 'login', '--base-url', line.platform.url, '--username', 'alice@example.com'];
      expect(await line.run(args, { isInteractive: true, promptSecret })).toMatchObject({ exitCode: 130 });
      expect(line.idp.tokenRequests).toHaveLength(0);
    });

    it.each([[['--username', 'alice']], [['--password', 'secret']]])(
      'takes %j alone for a usage error when nobody can be asked',
      async (args) => {
        const { exitCode, stderr } = await login(...args);
        expect(exitCode).toBe(2);
        expect(stderr).toMatch(/^Error: A (username|password) is given without .*\nRun: nemo auth login --help\n$/);
        expect(line.idp.tokenRequests).toHaveLength(0);
      },
    );

    it('sends the secret of a confidential client, and its id', async () => {
      const env = { NMP_OIDC_CLIENT_SECRET: 's3cret', NMP_BASE_URL: line.platform.url };
      await line.run(['auth', 'login', '--client-id', 'ci-client', ...password], { env });
      expect(line.idp.tokenRequests[0]).toMatchObject({ client_id: 'ci-client', client_secret: 's3cret' });
      expect((await line.config.file.read()).context('default')?.credentials?.clientId).toBe('ci-client');
    });

    it('asks for the scopes named, qualified for the provider, and is told the granted ones short', async () => {
      line.platform.discovers({ scope_prefix: 'api://nmp' });
      const granted = { now: line.clock.now(), scope: 'openid api://nmp/platform:read' };
      line.idp.http.on('POST /token', line.idp.tokens(granted));
      const { exitCode, stderr } = await login('--scope', 'platform:read', ...password);
      expect(exitCode).toBe(0);
      expect(line.idp.tokenRequests[0]).toMatchObject({
        scope: 'openid profile email offline_access api://nmp/platform:read',
      });
      expect(stderr).toContain('Scopes granted: openid platform:read');
    });

    it('stores nothing when a platform scope was not granted', async () => {
      line.idp.http.on('POST /token', line.idp.tokens({ now: line.clock.now(), scope: 'openid platform:read' }));
      const { exitCode, stderr } = await login(...password);
      expect(exitCode).toBe(1);
      expect(stderr).toMatch(/Token is missing requested scopes: platform:write\./);
      expect((await line.config.file.read()).contextNames).toEqual([]);
    });

    it('signs in to several contexts, each with its own platform', async () => {
      expect((await login('--context', 'work', ...password)).exitCode).toBe(0);
      expect(await login('--context', 'lab', ...password)).toMatchObject({
        exitCode: 0,
        stderr: expect.stringContaining(
          'Context "lab" is now the current one. To go back, run: nemo config use-context work\n',
        ),
      });
      expect((await login('--context', 'lab', ...password)).stderr).not.toContain('now the current one');
      const document = await line.config.file.read();
      expect(document.contextNames).toEqual(['work', 'lab']);
      expect(document.currentContext).toBe('lab');
      expect((await line.run(['auth', 'token', '--context', 'work'])).stdout).toBe(
        `${document.context('work')?.credentials?.token}\n`,
      );
    });

    it('prints a result for programs with -f json', async () => {
      const { stdout } = await login('-f', 'json', ...password);
      expect(JSON.parse(stdout)).toMatchObject({ signed_in: true, email: 'alice@example.com', refresh_token: true });
    });

    it('warns when the environment overrides the sign-in, and when the token is not a JWT', async () => {
      line.idp.http.on('POST /token', line.idp.tokens({ now: line.clock.now() }, { access_token: 'opaque' }));
      const env = { NMP_ACCESS_TOKEN: 'x', NMP_BASE_URL: line.platform.url };
      const { stderr } = await line.run(['auth', 'login', ...password], { env });
      expect(stderr).toMatch(/NMP_ACCESS_TOKEN is set/);
      expect(stderr).toMatch(/not a JWT/);
    });
  });

  it('says so when authentication is switched off, and stores nothing', async () => {
    line.platform.discovers(null, false);
    const { exitCode, stderr } = await login();
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(/Authentication is switched off/);
    expect((await line.config.file.read()).contextNames).toEqual([]);
  });
});
