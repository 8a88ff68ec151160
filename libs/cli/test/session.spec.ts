import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CommandLine } from './support/command-line.js';

describe('with a stored sign-in', () => {
  let line: CommandLine;
  let token: string;

  beforeEach(async () => {
    line = await CommandLine.start();
    token = await line.signedIn();
    line.idp.rotate('refresh-0', () => ({ now: line.clock.now() }));
  });
  afterEach(() => line.end());

  const whoami = {
    principal: { kind: 'user', id: 'alice-id', email: 'alice@example.com', groups: ['team-ml'] },
    scopes: ['platform:read'],
  };

  describe('auth token', () => {
    it('prints the token and nothing else', async () => {
      await expect(line.run(['auth', 'token'])).resolves.toEqual({ exitCode: 0, stdout: `${token}\n`, stderr: '' });
      expect(line.platform.http.requests).toHaveLength(0);
    });

    it('refreshes first when less than five minutes are left', async () => {
      line.clock.advance(3600 - 299);
      const { stdout } = await line.run(['auth', 'token']);
      expect(stdout).not.toBe(`${token}\n`);
      expect(line.idp.tokenRequests).toHaveLength(1);
      expect(await line.config.read()).toContain(stdout.trim());
    });

    it('decodes the claims', async () => {
      const { stdout } = await line.run(['auth', 'token', '--decode']);
      expect(JSON.parse(stdout)).toMatchObject({ email: 'alice@example.com', groups: ['team-ml'] });
      expect((await line.run(['auth', 'token', '--decode', '-f', 'yaml'])).stdout).toContain(
        'email: alice@example.com\n',
      );
    });

    it('prints the environment’s token before the stored one', async () => {
      const env = { NMP_ACCESS_TOKEN: 'from-env' };
      expect((await line.run(['auth', 'token'], { env })).stdout).toBe('from-env\n');
      expect(await line.run(['auth', 'token', '--decode'], { env })).toMatchObject({ exitCode: 1, stdout: '' });
    });

    it('gives the stored token for no other platform', async () => {
      const { exitCode, stdout, stderr } = await line.run(['auth', 'token', '--base-url', 'https://nmp.example.com']);
      expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
      expect(stderr).toMatch(/Nobody is signed in to https:\/\/nmp\.example\.com.*Run: nemo auth login/);
    });

    it('says what to do when the sign-in has ended', async () => {
      line.clock.advance(4000);
      line.idp.http.on('POST /token', line.idp.error('invalid_grant'));
      const { exitCode, stdout, stderr } = await line.run(['auth', 'token'], { programName: 'nmp' });
      expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
      expect(stderr).toMatch(/Run: nmp auth login\n$/);
    });
  });

  describe('auth status', () => {
    it('shows e-mail, scopes and expiry, and no token', async () => {
      const { exitCode, stdout, stderr } = await line.run(['auth', 'status']);
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
      expect(stdout).toMatch(/^Email\s+alice@example\.com$/m);
      expect(stdout).toMatch(/^Scopes\s+openid profile email offline_access platform:read platform:write$/m);
      expect(stdout).toMatch(/^Expires\s+2030-01-01T01:00:00\.000Z \(in 1h\)$/m);
      expect(stdout).toMatch(/^Refresh token\s+available$/m);
      expect(stdout).not.toContain(token.slice(0, 20));
    });

    it('is data with -f json', async () => {
      const { stdout } = await line.run(['auth', 'status', '-f', 'json']);
      expect(JSON.parse(stdout)).toMatchObject({
        signed_in: true,
        context: 'default',
        base_url: line.platform.url,
        email: 'alice@example.com',
        groups: ['team-ml'],
        expires_at: '2030-01-01T01:00:00.000Z',
        refresh_token: true,
      });
    });

    it('exits 1 when the token has expired or nobody is signed in', async () => {
      line.clock.advance(4000);
      const expired = await line.run(['auth', 'status']);
      expect(expired.exitCode).toBe(1);
      expect(expired.stdout).toMatch(/EXPIRED/);
      expect(expired.stderr).toMatch(/Run: nemo auth refresh/);
      await line.run(['auth', 'logout']);
      const nobody = await line.run(['auth', 'status']);
      expect(nobody).toMatchObject({ exitCode: 1, stderr: 'Nobody is signed in. Run: nemo auth login\n' });
    });

    it('asks the platform with --check', async () => {
      line.platform.on('GET /apis/auth/v2/whoami', { json: whoami });
      const accepted = await line.run(['auth', 'status', '--check']);
      expect(accepted.exitCode).toBe(0);
      expect(accepted.stdout).toMatch(/^Platform says\s+accepted as alice@example\.com$/m);
      line.platform.on('GET /apis/auth/v2/whoami', { status: 401, json: { detail: 'Invalid or expired token' } });
      const refused = await line.run(['auth', 'status', '--check']);
      expect(refused.exitCode).toBe(3);
      expect(refused.stdout).toContain('(401) Invalid or expired token');
      expect(refused.stderr).toMatch(/Run: nemo auth login/);
    });

    it('shows what is known here when the platform cannot be asked', async () => {
      await line.platform.close();
      const { exitCode, stdout, stderr } = await line.run(['auth', 'status', '--check']);
      expect(exitCode).toBe(3);
      expect(stdout).toMatch(/^Email\s+alice@example\.com$/m);
      expect(stdout).toMatch(/^Platform says\s+nothing: it could not be asked$/m);
      expect(stderr).toMatch(/could not be reached/);
    });

    it('names the variable when its token is what was refused', async () => {
      line.platform.on('GET /apis/auth/v2/whoami', { status: 401, json: { detail: 'Invalid or expired token' } });
      const env = { NMP_ACCESS_TOKEN: 'x' };
      for (const args of [
        ['auth', 'status', '--check'],
        ['auth', 'whoami'],
      ]) {
        expect(await line.run(args, { env })).toMatchObject({
          exitCode: 3,
          stderr: expect.stringMatching(/What was refused is the token in NMP_ACCESS_TOKEN/),
        });
      }
    });

    it('asks nothing when there is nothing to ask about', async () => {
      await line.run(['auth', 'logout']);
      const asked = line.platform.http.requests.length;
      expect(await line.run(['auth', 'status', '--check'])).toMatchObject({ exitCode: 1 });
      expect(line.platform.http.requests).toHaveLength(asked);
    });

    it('says what to do about a token of the environment that has expired', async () => {
      line.clock.advance(4000);
      const { exitCode, stderr } = await line.run(['auth', 'status'], { env: { NMP_ACCESS_TOKEN: token } });
      expect(exitCode).toBe(1);
      expect(stderr).toBe(
        'The token in NMP_ACCESS_TOKEN has expired: set it to a good one, or unset it and run: nemo auth login\n',
      );
    });

    it('says that the sign-in has ended, before and after its token expires', async () => {
      line.idp.http.on('POST /token', line.idp.error('invalid_grant'));
      await line.run(['auth', 'refresh']);
      const before = await line.run(['auth', 'status']);
      expect(before).toMatchObject({
        exitCode: 0,
        stderr: expect.stringMatching(/^The token is good until it expires/),
      });
      expect(before.stdout).toMatch(/^Refresh token\s+not accepted any more since 2030-01-01T/m);
      line.clock.advance(4000);
      expect(await line.run(['auth', 'status'])).toMatchObject({
        exitCode: 1,
        stderr:
          'The token has expired, and the sign-in has ended: the identity provider no longer accepts it. Run: nemo auth login\n',
      });
      line.idp.http.on('POST /token', line.idp.tokens({ now: line.clock.now() }));
      await line.run(['auth', 'login', '--username', 'alice', '--password', 'pw']);
      expect((await line.run(['auth', 'status'])).stderr).toBe('');
    });

    it('says that the sign-in is for another platform', async () => {
      const env = { NMP_BASE_URL: 'https://nmp.example.com' };
      expect(await line.run(['auth', 'status'], { env })).toMatchObject({
        exitCode: 1,
        stderr: `Nobody is signed in to https://nmp.example.com: the stored sign-in belongs to ${line.platform.url}. Run: nemo auth login --base-url https://nmp.example.com\n`,
      });
    });

    it('tells where an overriding token comes from', async () => {
      const { stdout } = await line.run(['auth', 'status'], { env: { NMP_ACCESS_TOKEN: token } });
      expect(stdout).toMatch(/^Credentials\s+NMP_ACCESS_TOKEN$/m);
    });
  });

  describe('auth refresh', () => {
    it('gets a new token and prints the expiry, not the token', async () => {
      line.clock.advance(60);
      const { exitCode, stdout, stderr } = await line.run(['auth', 'refresh']);
      expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '' });
      expect(stderr).toBe('Token refreshed. It expires 2030-01-01T01:01:00.000Z (in 1h).\n');
      expect((await line.run(['auth', 'token'])).stdout).not.toBe(`${token}\n`);
    });

    it('fails with what to do when there is nothing to refresh with', async () => {
      await line.signedIn('');
      expect(await line.run(['auth', 'refresh'])).toMatchObject({
        exitCode: 1,
        stderr: expect.stringMatching(/no refresh token.*nemo auth login/),
      });
      await line.run(['auth', 'logout']);
      expect(await line.run(['auth', 'refresh'])).toMatchObject({
        exitCode: 1,
        stderr: expect.stringMatching(/nemo auth login/),
      });
      const env = { NMP_ACCESS_TOKEN: 'x' };
      expect(await line.run(['auth', 'refresh'], { env })).toMatchObject({
        exitCode: 2,
        stderr: expect.stringMatching(/Run: nemo auth refresh --help\n$/),
      });
    });

    it('fails without harm when the provider is down', async () => {
      await line.idp.close();
      const before = await line.config.read();
      expect(await line.run(['auth', 'refresh'])).toMatchObject({
        exitCode: 3,
        stderr: expect.stringMatching(/could not be reached/),
      });
      expect(await line.config.read()).toBe(before);
    });
  });

  describe('auth logout', () => {
    it('revokes the tokens and forgets them', async () => {
      const { exitCode, stderr } = await line.run(['auth', 'logout']);
      expect({ exitCode, stderr }).toEqual({
        exitCode: 0,
        stderr: 'Signed out of context "default"; the sign-in is revoked at the identity provider.\n',
      });
      expect(line.idp.http.requestsTo('/revoke')).toHaveLength(2);
      expect(await line.config.read()).not.toContain(token);
      expect(await line.run(['auth', 'logout'])).toMatchObject({
        exitCode: 0,
        stderr: 'Nobody is signed in to context "default".\n',
      });
    });

    it('says of an access key how it is ended', async () => {
      const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
      const jti = '0b7c1f52-5c0b-4c1e-9d2a-0123456789ab';
      const key = `${part({ alg: 'ES256', typ: 'access-key+jwt' })}.${part({ iss: 'x', jti })}.c2ln`;
      await line.config.signIn({ baseUrl: line.platform.url, token: key });
      const { exitCode, stderr } = await line.run(['auth', 'logout']);
      expect(exitCode).toBe(0);
      expect(stderr).toMatch(new RegExp(`could not be revoked.*run: nemo auth access-keys revoke ${jti}\\n$`));
      expect(stderr).not.toContain('identity provider');
      expect(await line.config.read()).not.toContain(key);
    });

    it.each([
      [['--context', 'nope'], {}],
      [[], { NMP_CURRENT_CONTEXT: 'nope' }],
    ])('knows no context that is not there: %j %j', async (args, env) => {
      expect(await line.run(['auth', 'logout', ...args], { env })).toMatchObject({
        exitCode: 1,
        stderr: expect.stringMatching(/^Error: There is no context "nope" .*It has: default/),
      });
      expect(await line.config.read()).toContain(token);
    });

    it.each([
      [{}, /stay valid until they expire\. The identity provider \S+ answered invalid_client\. Next time, /],
      [{ NMP_OIDC_CLIENT_SECRET: 'wrong' }, /invalid_client\. The client secret that was given .* is wrong/],
    ])('says of a confidential client what to do next time: %j', async (env, message) => {
      line.idp.http.on('POST /revoke', line.idp.error('invalid_client', { status: 401 }));
      const { exitCode, stderr } = await line.run(['auth', 'logout'], { env });
      expect(exitCode).toBe(0);
      expect(stderr).toMatch(message);
      expect(stderr).toMatch(/--client-secret-stdin/);
      expect(stderr.match(/until they expire/g)).toHaveLength(1);
    });

    it('leaves nobody signed in, and later commands say so', async () => {
      await line.run(['auth', 'logout']);
      const refusal = { status: 401, json: { code: 'missing_token', detail: 'Unauthorized' } };
      line.platform.on('GET /apis/auth/v2/whoami', refusal);
      line.platform.on('GET /apis/entities/v2/workspaces', refusal);
      for (const args of [
        ['auth', 'whoami'],
        ['workspaces', 'list'],
        ['auth', 'token'],
      ]) {
        await expect(line.run(args)).resolves.toEqual({
          exitCode: 1,
          stdout: '',
          stderr: 'Error: Nobody is signed in. Run: nemo auth login\n',
        });
      }
    });

    it('forgets them when nobody can be told, and warns', async () => {
      await line.platform.close();
      const { exitCode, stderr } = await line.run(['auth', 'logout'], { env: { NMP_ACCESS_TOKEN: 'x' } });
      expect(exitCode).toBe(0);
      expect(stderr).toMatch(/could not be revoked and stay valid[\s\S]*NMP_ACCESS_TOKEN is still set/);
      expect(await line.config.read()).not.toContain(token);
    });
  });

  it('auth whoami shows what the platform says', async () => {
    line.platform.on('GET /apis/auth/v2/whoami', { json: whoami });
    const { exitCode, stdout } = await line.run(['auth', 'whoami']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^Email\s+alice@example\.com$/m);
    expect(stdout).not.toMatch(/Roles/);
    expect(JSON.parse((await line.run(['auth', 'whoami', '-f', 'json'])).stdout)).toEqual(whoami);
  });

  it('auth whoami shows roles, and that an address is not verified', async () => {
    const answer = (roles: Record<string, string[]>) => ({
      json: { ...whoami, principal: { ...whoami.principal, email_verified: false }, roles },
    });
    line.platform.on('GET /apis/auth/v2/whoami', answer({ default: ['Viewer', 'Editor'], ml: ['Admin'] }));
    const { stdout } = await line.run(['auth', 'whoami']);
    expect(stdout).toMatch(/^Email\s+alice@example\.com \(not verified\)$/m);
    expect(stdout).toMatch(/^Roles in default\s+Viewer, Editor\nRoles in ml\s+Admin$/m);
    line.platform.on('GET /apis/auth/v2/whoami', answer({}));
    expect((await line.run(['auth', 'whoami'])).stdout).toMatch(/^Roles\s+none$/m);
  });
});
