import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DevIdp } from '@nmp/dev-idp';
import { NeMoPlatform } from '@nmp/sdk';
import { FakeClock } from '../libs/sdk/test/support/fake-clock.js';
import type { CommandResult } from '../libs/cli/test/support/command-line.js';
import { CommandLine } from '../libs/cli/test/support/command-line.js';
import { platformConfig, startPlatform } from './support/platform.js';

const people = ['alice', 'admin'] as const;

describe('nemo auth access-keys with a platform and an identity provider', () => {
  let idp: DevIdp;
  let platform: NestFastifyApplication;
  let line: CommandLine;

  beforeAll(async () => {
    const accounts = people.map((name) => ({
      email: `${name}@example.com`,
      name,
      password: `${name}-password`,
      groups: [],
    }));
    idp = await DevIdp.start({ accounts });
    const accessKeys = { audience: 'keys', defaultLifeSeconds: 86_400, maxLifeSeconds: 604_800, maxPerOwner: 10 };
    platform = await startPlatform(platformConfig(idp.issuer, { accessKeys }));
    line = await CommandLine.start();
    line.clock = new FakeClock(new Date().toISOString());
    const baseUrl = ['--base-url', await platform.getUrl()];
    for (const person of people) {
      const credentials = ['--username', `${person}@example.com`, '--password', `${person}-password`];
      const login = await line.run(['auth', 'login', '--context', person, ...baseUrl, ...credentials]);
      expect(login).toMatchObject({ exitCode: 0 });
    }
  });
  afterAll(async () => {
    await line.end();
    await platform.close();
    await idp.close();
  });

  const as = (person: (typeof people)[number], ...args: string[]): Promise<CommandResult> =>
    line.run(['--context', person, ...args]);
  const keys = (...args: string[]): Promise<CommandResult> => as('alice', 'auth', 'access-keys', ...args);
  const withKey = (key: string, ...args: string[]): Promise<CommandResult> =>
    line.run(['--context', 'alice', ...args], { env: { NMP_ACCESS_TOKEN: key } });

  async function made(name: string, ...scopes: string[]): Promise<string> {
    const { stdout, exitCode } = await keys('create', name, ...scopes.flatMap((scope) => ['--scope', scope]));
    expect(exitCode).toBe(0);
    return stdout.trim();
  }

  it('makes a key that programs can use, as far as its scopes go', async () => {
    const key = await made('reader', 'platform:read');
    expect(await withKey(key, 'workspaces', 'get', 'default')).toMatchObject({ exitCode: 0 });
    const refused = await withKey(key, 'workspaces', 'create', 'not-this-one');
    expect(refused).toMatchObject({ exitCode: 3, stderr: expect.stringMatching(/lacks a required scope/) });
    const client = new NeMoPlatform({ baseUrl: await platform.getUrl(), accessToken: key, env: {} });
    expect((await client.auth.whoami()).principal).toMatchObject({ kind: 'user', email: 'alice@example.com' });
  });

  it('lets a key show whose it is, and not be refreshed into another', async () => {
    const key = await made('status', 'platform:read');
    const status = await withKey(key, 'auth', 'status', '--check');
    expect(status).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('NMP_ACCESS_TOKEN') });
    const more = await withKey(key, 'auth', 'access-keys', 'create', 'more', '--scope', 'platform:read');
    expect(more).toMatchObject({ exitCode: 3, stdout: '' });
    const writer = await made('writer', 'auth:write');
    const again = await withKey(writer, 'auth', 'access-keys', 'create', 'more', '--scope', 'auth:write');
    expect(again.stderr).toMatch(/an access key cannot make.*\n.*unset NMP_ACCESS_TOKEN and run: nemo auth login/);
  });

  it('rotates a key by its name, and ends it by its name', async () => {
    const old = await made('job', 'platform:read');
    const { stdout } = await keys('rotate', 'job');
    const key = stdout.trim();
    expect(await withKey(old, 'auth', 'whoami')).toMatchObject({ exitCode: 3 });
    expect(await withKey(key, 'auth', 'whoami')).toMatchObject({ exitCode: 0 });
    expect(await keys('revoke', 'job')).toMatchObject({ exitCode: 0, stdout: 'Revoked access key "job".\n' });
    const refused = await withKey(key, 'auth', 'whoami');
    expect(refused).toMatchObject({ exitCode: 3, stderr: expect.stringMatching(/the token in NMP_ACCESS_TOKEN/) });
    expect(await keys('revoke', 'job')).toMatchObject({
      exitCode: 0,
      stdout: 'Access key "job" is revoked already.\n',
    });
    expect(await keys('revoke', 'no-such-key')).toMatchObject({ exitCode: 3 });
    const states = JSON.parse((await keys('list', '-f', 'json')).stdout) as { name: string; state: string }[];
    const ofJob = states.filter(({ name }) => name === 'job').map(({ state }) => state);
    expect(ofJob.toSorted()).toEqual(['revoked', 'rotated']);
  });

  it('lets an administrator see and end the keys of others', async () => {
    const key = await made('lost', 'platform:read');
    const all = await as('admin', 'auth', 'access-keys', 'list', '--all', '--owner', 'alice@example.com', '-f', 'json');
    const lost = (JSON.parse(all.stdout) as { name: string; jti: string }[]).find(({ name }) => name === 'lost');
    expect(await as('admin', 'auth', 'access-keys', 'revoke', lost?.jti ?? '')).toMatchObject({ exitCode: 0 });
    expect(await withKey(key, 'auth', 'whoami')).toMatchObject({ exitCode: 3 });
    expect(await keys('list', '--all')).toMatchObject({
      exitCode: 3,
      stderr: expect.stringMatching(/Leave --all out to see your own keys/),
    });
  });

  it('says what a name or a scope must be', async () => {
    expect(await keys('create', 'a/b', '--scope', 'platform:read')).toMatchObject({
      exitCode: 3,
      stderr: expect.stringMatching(/\(400\) name must be/),
    });
    expect(await keys('create', 'odd', '--scope', 'openid')).toMatchObject({
      exitCode: 3,
      stderr: expect.stringMatching(/"openid" is not a scope of the platform/),
    });
  });
});
