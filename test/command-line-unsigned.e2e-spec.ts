import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { NeMoPlatform } from '@nmp/sdk';
import { FakeClock } from '../libs/sdk/test/support/fake-clock.js';
import type { CommandResult } from '../libs/cli/test/support/command-line.js';
import { CommandLine } from '../libs/cli/test/support/command-line.js';
import { platformConfig, startPlatform } from './support/platform.js';

const asAlice = ['--unsigned-token', '--email', 'alice@example.com'];

describe('nemo on a platform without an identity provider', () => {
  let platform: NestFastifyApplication;
  let line: CommandLine;
  let baseUrl: string;

  beforeAll(async () => {
    const auth = { adminEmail: 'admin@example.com', allowUnsignedJwt: true, oidc: { enabled: false } } as const;
    platform = await startPlatform(
      platformConfig('https://idp.example.com', { auth: { scopeEnforcement: 'when-present', ...auth } }),
    );
    baseUrl = await platform.getUrl();
  });
  beforeEach(async () => {
    await line?.end();
    line = await CommandLine.start();
    line.clock = new FakeClock(new Date().toISOString());
  });
  afterAll(async () => {
    await line.end();
    await platform.close();
  });

  const login = (...args: string[]): Promise<CommandResult> =>
    line.run(['auth', 'login', '--base-url', baseUrl, ...args]);
  const stored = async () => (await line.config.file.read()).context('default')?.credentials;
  const claims = async () => JSON.parse((await line.run(['auth', 'token', '--decode'])).stdout) as { exp: number };

  it('signs in whoever one says to be, and says loudly what that is worth', async () => {
    const { exitCode, stderr } = await login(...asAlice, '--group', 'team-ml', '--group', 'team-x');
    expect(stderr).toContain(`Signed in to ${baseUrl} as alice@example.com.`);
    expect(stderr).toContain(
      'Warning: The token is UNSIGNED: every program on this machine can write one, for anybody.',
    );
    expect(stderr).toContain('When the token has expired, renew it: nemo auth refresh');
    expect(stderr).toContain('Next: nemo workspaces list');
    expect(exitCode).toBe(0);
    const now = Math.floor(line.clock.now().getTime() / 1000);
    expect(await claims()).toEqual({
      iss: 'urn:nmp:unsigned',
      aud: 'urn:nmp:this-machine',
      sub: 'alice@example.com',
      email: 'alice@example.com',
      groups: ['team-ml', 'team-x'],
      iat: now,
      exp: now + 3600,
    });
    expect(await stored()).not.toHaveProperty('refreshToken');
    expect(await line.run(['workspaces', 'create', 'of-alice'])).toMatchObject({ exitCode: 0 });
    expect(JSON.parse((await line.run(['auth', 'whoami', '-f', 'json'])).stdout)).toMatchObject({
      principal: { id: 'alice@example.com', groups: ['team-ml', 'team-x'] },
    });
    const client = new NeMoPlatform({ configPath: line.config.path, clock: line.clock, env: {} });
    await expect(client.auth.whoami()).resolves.toMatchObject({ principal: { id: 'alice@example.com' } });
  });

  it('shows so in the status', async () => {
    await login(...asAlice);
    const { exitCode, stdout, stderr } = await line.run(['auth', 'status', '--check']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^Token +UNSIGNED JWT: anybody can write one$/m);
    expect(stdout).toMatch(/^Platform says +accepted as alice@example\.com$/m);
    expect(stderr).toContain('Warning: The token is UNSIGNED');
    const report = JSON.parse((await line.run(['auth', 'status', '-f', 'json'])).stdout) as object;
    expect(report).toMatchObject({ unsigned: true, signed_in: true, email: 'alice@example.com', refresh_token: false });
  });

  it('renews the token when it is asked to, and not by itself', async () => {
    await login(...asAlice, '--group', 'team-ml', '--scope', 'platform:read', '--expires-in', '600');
    const before = await claims();
    line.clock.advance(599);
    expect(await line.run(['workspaces', 'list'])).toMatchObject({ exitCode: 0 });
    line.clock.advance(2);
    const ended = await line.run(['workspaces', 'list']);
    expect(ended).toMatchObject({ exitCode: 1, stderr: expect.stringMatching(/expired\. Run: nemo auth refresh/) });
    expect(await line.run(['auth', 'status'])).toMatchObject({
      exitCode: 1,
      stderr: expect.stringMatching(/The token has expired\. Run: nemo auth refresh/),
    });
    const withoutRefresh = await line.run(['workspaces', 'list', '--no-auto-refresh']);
    expect(withoutRefresh).toMatchObject({ exitCode: 1, stderr: expect.stringMatching(/Run: nemo auth refresh/) });
    expect(await claims().catch(() => 'expired')).toBe('expired');

    const { exitCode, stderr } = await line.run(['auth', 'refresh']);
    expect(stderr).toMatch(/^Token refreshed\. It expires .* \(in 9m 59s|10m\)/);
    expect(exitCode).toBe(0);
    expect(await claims()).toEqual({ ...before, iat: before.exp + 1, exp: before.exp + 601 });
  });

  it('signs out without asking anybody', async () => {
    await login(...asAlice);
    const { exitCode, stderr } = await line.run(['auth', 'logout']);
    expect(exitCode).toBe(0);
    expect(stderr).toContain('The token is unsigned: nobody has issued it.');
    expect(await stored()).toBeUndefined();
  });

  it('tells how to sign in where somebody tries it in another way', async () => {
    const { exitCode, stderr } = await login();
    expect(exitCode).toBe(1);
    expect(stderr).toContain('Run: nemo auth login --unsigned-token --email you@example.com');
    const doctor = await line.run(['auth', 'doctor', '--base-url', baseUrl]);
    expect(doctor.exitCode).toBe(0);
    expect(doctor.stdout).toMatch(/takes the word of every program on its machine/);
    expect(doctor.stdout).toContain(
      'To sign in there, or as somebody else, run: nemo auth login --unsigned-token --email you@example.com',
    );
  });

  it('tells whoever is not signed in, or no more, how to sign in there', async () => {
    const withToken = (NMP_ACCESS_TOKEN: string): Promise<CommandResult> =>
      line.run(['workspaces', 'list', '--base-url', baseUrl], { env: { NMP_ACCESS_TOKEN } });
    for (const { exitCode, stderr } of [await withToken(''), await withToken('nobody.knows.me')]) {
      expect(exitCode).not.toBe(0);
      expect(stderr).toMatch(/un: nemo auth login --unsigned-token --email you@example\.com --base-url \S+\n$/);
    }
  });

  it('says that access keys need a provider', async () => {
    await login(...asAlice);
    const { exitCode, stderr } = await line.run(['auth', 'access-keys', 'create', 'ci', '--scope', 'platform:read']);
    expect(exitCode).toBe(3);
    expect(stderr).toContain('Access keys need an identity provider');
  });

  it.each([
    [['--unsigned-token'], /--unsigned-token needs the e-mail address/],
    [['--unsigned-token', '--email', 'alice'], /needs the e-mail address/],
    [['--email', 'alice@example.com'], /--email is for --unsigned-token/],
    [['--group', 'team-ml'], /--group is for --unsigned-token/],
    [['--expires-in', '60'], /--expires-in is for --unsigned-token/],
    [[...asAlice, '--expires-in', '43201'], /--expires-in is a number of seconds, 43200/],
    [[...asAlice, '--expires-in', '0'], /--expires-in is a number of seconds/],
    [[...asAlice, '--expires-in', '1e'], /--expires-in is a number of seconds/],
    [[...asAlice, '--username', 'alice'], /exclude each other: --unsigned-token, --username/],
    [[...asAlice, '--with-token'], /exclude each other: --with-token, --unsigned-token/],
  ])('does not understand %j', async (args, message) => {
    const { exitCode, stderr } = await login(...args);
    expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringMatching(message) });
    expect(await stored()).toBeUndefined();
  });

  it('stores nobody whom the platform does not take', async () => {
    const { exitCode, stderr } = await login('--unsigned-token', '--email', 'service:jobs@example.com');
    expect({ exitCode, stderr }).toEqual({ exitCode: 3, stderr: expect.stringMatching(/\(401\)/) });
    expect(await stored()).toBeUndefined();
  });

  it('writes no unsigned token for a platform with an identity provider, or one that does not ask for it', async () => {
    const { url } = line.platform;
    for (const [oidc, message] of [
      [{}, /has an identity provider to sign in at\. Run: nemo auth login/],
      [null, /takes no unsigned tokens/],
    ] as const) {
      line.platform.discovers(oidc);
      const { exitCode, stderr } = await line.run(['auth', 'login', '--base-url', url, ...asAlice]);
      expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: expect.stringMatching(message) });
    }
    expect(await stored()).toBeUndefined();
  });

  it('writes none for a platform on another machine, whatever that says', async () => {
    const discovery = JSON.stringify({ auth_enabled: true, allow_unsigned_jwt: true, oidc: null });
    const fetched: string[] = [];
    const { exitCode, stderr } = await line.run(
      ['auth', 'login', '--base-url', 'https://nmp.example.com', ...asAlice],
      {
        fetchTrusting: () => (url: string | URL | Request) => {
          fetched.push(String(url instanceof Request ? url.url : url));
          return Promise.resolve(new Response(discovery));
        },
      },
    );
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: expect.stringMatching(/does not name this one/) });
    expect(fetched).toEqual(['https://nmp.example.com/apis/auth/discovery']);
  });
});
