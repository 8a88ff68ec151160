import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { CommandResult } from './support/command-line.js';
import { CommandLine } from './support/command-line.js';

describe('nemo auth login where nobody sits', () => {
  let line: CommandLine;

  beforeEach(async () => {
    line = await CommandLine.start();
    line.idp.http.on('POST /token', line.idp.tokens({ now: line.clock.now() }));
  });
  afterEach(() => line.end());

  const login = (input: string, args: string[], env: Record<string, string> = {}): Promise<CommandResult> =>
    line.run(['auth', 'login', '--base-url', line.platform.url, ...args], {
      env,
      readInput: () => Promise.resolve(input),
    });
  const stored = async () => (await line.config.file.read()).context('default')?.credentials;

  describe('--password-stdin', () => {
    it('sends the password as it stands there, without the line break at its end', async () => {
      const { exitCode, stderr } = await login(' wonder land\r\n', ['--username', 'alice', '--password-stdin']);
      expect(exitCode).toBe(0);
      expect(line.idp.tokenRequests[0]).toMatchObject({ username: 'alice', password: ' wonder land' });
      expect(stderr).not.toContain('wonder');
      expect(line.prompts).toEqual([]);
    });

    it('comes before the environment', async () => {
      await login('from-stdin', ['--password-stdin'], { NMP_OIDC_USERNAME: 'ci', NMP_OIDC_PASSWORD: 'from-env' });
      expect(line.idp.tokenRequests[0]).toMatchObject({ username: 'ci', password: 'from-stdin' });
    });

    it.each([
      ['nothing on stdin', '\n', ['--username', 'alice', '--password-stdin'], /reads the password from stdin/],
      ['no user name', 'x', ['--password-stdin'], /A password is given without a username/],
    ])('is a usage error with %s', async (_, input, args, message) => {
      const { exitCode, stderr } = await login(input, args);
      expect(exitCode).toBe(2);
      expect(stderr).toMatch(message);
      expect(line.idp.tokenRequests).toEqual([]);
    });
  });

  describe('--client-credentials', () => {
    const args = ['--client-credentials', '--client-id', 'ci'];

    it('asks for the platform scopes alone, with the secret of the environment, and names the client', async () => {
      line.idp.http.on(
        'POST /token',
        line.idp.tokens(
          { now: line.clock.now(), scope: 'platform:read platform:write', claims: { email: undefined, sub: 'ci' } },
          { refresh_token: undefined },
        ),
      );
      const { exitCode, stderr } = await login('', args, { NMP_OIDC_CLIENT_SECRET: 's3cret' });
      expect(exitCode).toBe(0);
      expect(line.idp.tokenRequests).toEqual([
        {
          grant_type: 'client_credentials',
          client_id: 'ci',
          client_secret: 's3cret',
          scope: 'platform:read platform:write',
        },
      ]);
      expect(stderr).toContain('as the client ci.');
      expect(stderr).toContain('There is no refresh token: sign in again when the token has expired.\n');
      expect(stderr).not.toContain('s3cret');
      expect(await stored()).toMatchObject({ clientId: 'ci', issuer: line.idp.issuer });
      expect(await line.config.read()).not.toContain('s3cret');
    });

    it('is named by whatever asks for a new sign-in, in its context', async () => {
      const token = { now: line.clock.now(), scope: 'platform:read platform:write' };
      line.idp.http.on('POST /token', line.idp.tokens(token, { refresh_token: undefined }));
      await login('', [...args, '--context', 'job'], { NMP_OIDC_CLIENT_SECRET: 's3cret' });
      await line.config.file.update((document) => {
        document.currentContext = 'other';
      });
      line.clock.advance(4000);
      const again = 'Run: nemo auth login --client-credentials --client-id ci --context job\n';
      for (const command of ['status', 'token', 'whoami', 'refresh']) {
        const { exitCode, stderr } = await line.run(['auth', command, '--context', 'job']);
        expect(stderr).toContain(again);
        expect(exitCode).toBe(1);
      }
    });

    it('reads the secret from stdin', async () => {
      const { stdout } = await login('from-stdin\n', [...args, '--client-secret-stdin', '-f', 'json'], {
        NMP_OIDC_CLIENT_SECRET: 'from-env',
      });
      expect(line.idp.tokenRequests[0]).toMatchObject({ client_secret: 'from-stdin' });
      expect(JSON.parse(stdout)).toMatchObject({ signed_in: true, client_id: 'ci' });
    });

    it('asks for the scopes named and nothing else, and checks that they were granted', async () => {
      line.platform.discovers({ scope_prefix: 'api://nmp' });
      line.idp.http.on('POST /token', line.idp.tokens({ now: line.clock.now(), scope: 'api://nmp/platform:read' }));
      const secret = { NMP_OIDC_CLIENT_SECRET: 's3cret' };
      expect(await login('', [...args, '--scope', 'platform:read'], secret)).toMatchObject({ exitCode: 0 });
      expect(line.idp.tokenRequests[0]).toMatchObject({ scope: 'api://nmp/platform:read' });
      expect(await login('', [...args, '--scope', 'platform:write'], secret)).toMatchObject({
        exitCode: 1,
        stderr: expect.stringMatching(/Token is missing requested scopes: platform:write\./),
      });
    });

    it('is a usage error without a secret', async () => {
      expect(await login('', args)).toMatchObject({
        exitCode: 2,
        stderr: expect.stringMatching(/needs the client's secret: set NMP_OIDC_CLIENT_SECRET.*--client-secret-stdin/),
      });
      expect(line.idp.tokenRequests).toEqual([]);
    });

    it('says what to do when the client may not, and does not repeat the secret', async () => {
      const description = 's3cret is wrong';
      line.idp.http.on('POST /token', [
        line.idp.error('unauthorized_client'),
        line.idp.error('invalid_client', { status: 401, error_description: description }),
      ]);
      const secret = { NMP_OIDC_CLIENT_SECRET: 's3cret' };
      expect((await login('', args, secret)).stderr).toMatch(/use the client credentials grant, or give another one/);
      const refused = await login('', args, secret);
      expect(refused.exitCode).toBe(1);
      expect(refused.stderr).toMatch(/invalid_client\. The client secret that was given .* is wrong/);
      expect(refused.stderr).not.toContain('s3cret');
    });
  });

  describe('--with-token', () => {
    const whoami = { principal: { kind: 'user', id: 'alice-id', email: 'alice@example.com' }, scopes: [] };
    let token: string;

    beforeEach(() => {
      token = line.idp.accessToken({ now: line.clock.now() });
      line.platform.on('GET /apis/auth/v2/whoami', { json: whoami });
    });

    it('stores the token once the platform has accepted it', async () => {
      const { exitCode, stderr } = await login(`${token}\n`, ['--with-token']);
      expect(exitCode).toBe(0);
      expect(stderr).toContain(`Signed in to ${line.platform.url} as alice@example.com.`);
      expect(stderr).not.toContain(token);
      expect(line.platform.bearers).toEqual([token, token]); // before it was stored, and after
      expect(line.idp.tokenRequests).toEqual([]);
      expect(await stored()).toEqual({ token, issuer: line.idp.issuer });
    });

    it('stores nothing that the platform refuses', async () => {
      await line.signedIn();
      const before = await line.config.read();
      line.platform.on('GET /apis/auth/v2/whoami', { status: 401, json: { detail: 'Invalid or expired token' } });
      const { exitCode, stderr } = await login(token, ['--with-token']);
      expect(exitCode).toBe(3);
      expect(stderr).toMatch(/\(401\) Invalid or expired token\nNothing was saved\. Get a token for this platform/);
      expect(await line.config.read()).toBe(before);
    });

    it('goes without the question where the platform does not know it', async () => {
      line.platform.on('GET /apis/auth/v2/whoami', { status: 404, json: { detail: 'Not Found' } });
      expect(await login(token, ['--with-token'])).toMatchObject({ exitCode: 0 });
    });

    it('works where the platform names no identity provider', async () => {
      line.platform.discovers(null);
      expect(await login(token, ['--with-token'])).toMatchObject({ exitCode: 0 });
    });

    it('checks the scopes that --scope names', async () => {
      const { exitCode, stderr } = await login(token, ['--with-token', '--scope', 'platform:fly']);
      expect(exitCode).toBe(1);
      expect(stderr).toMatch(/Token is missing requested scopes: platform:fly/);
      expect(line.platform.bearers).toEqual([]);
    });

    it.each(['', 'two words'])('refuses %j', async (input) => {
      expect((await login(input, ['--with-token'])).exitCode).not.toBe(0);
      expect(await stored()).toBeUndefined();
    });
  });

  it('refresh and logout read the secret of the client, too', async () => {
    await line.signedIn();
    const readInput = () => Promise.resolve('s3cret\n');
    await line.run(['auth', 'refresh', '--client-secret-stdin'], { readInput });
    expect(line.idp.tokenRequests[0]).toMatchObject({ grant_type: 'refresh_token', client_secret: 's3cret' });
    await line.run(['auth', 'logout', '--client-secret-stdin'], { readInput });
    expect(line.idp.http.requestsTo('/revoke')[0]?.form).toMatchObject({ client_secret: 's3cret' });
  });
});
