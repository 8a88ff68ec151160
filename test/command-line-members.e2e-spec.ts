import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DevIdp } from '@nmp/dev-idp';
import { FakeClock } from '../libs/sdk/test/support/fake-clock.js';
import type { CommandResult } from '../libs/cli/test/support/command-line.js';
import { CommandLine } from '../libs/cli/test/support/command-line.js';
import { platformConfig, startPlatform } from './support/platform.js';

const people = ['alice', 'bob', 'admin'] as const;
const team = ['--workspace', 'first-light'];

describe('nemo workspaces members with a platform and an identity provider', () => {
  let idp: DevIdp;
  let platform: NestFastifyApplication;
  let line: CommandLine;

  beforeAll(async () => {
    const account = (name: string, groups: string[]) => ({
      email: `${name}@example.com`,
      name,
      password: `${name}-password`,
      groups,
    });
    const accounts = [account('alice', []), account('bob', ['team-ml']), account('admin', ['platform-admins'])];
    idp = await DevIdp.start({ accounts });
    platform = await startPlatform(platformConfig(idp.issuer));
    line = await CommandLine.start();
    line.clock = new FakeClock(new Date().toISOString());
    const baseUrl = ['--base-url', await platform.getUrl()];
    for (const person of people) {
      const credentials = ['--username', `${person}@example.com`, '--password', `${person}-password`];
      const login = await line.run(['auth', 'login', '--context', person, ...baseUrl, ...credentials]);
      expect(login).toMatchObject({ exitCode: 0 });
    }
    expect((await as('alice', 'workspaces', 'create', 'first-light', '--wait')).stderr).toBe(
      'Created workspace "first-light".\n',
    );
  });
  afterAll(async () => {
    await line.end();
    await platform.close();
    await idp.close();
  });

  const as = (person: (typeof people)[number], ...args: string[]): Promise<CommandResult> =>
    line.run(['--context', person, ...args]);
  const members = (person: (typeof people)[number], ...args: string[]): Promise<CommandResult> =>
    as(person, 'workspaces', 'members', ...args, ...team);
  const rolesOf = async (): Promise<unknown> => {
    const list = JSON.parse((await members('alice', 'list', '-f', 'json')).stdout) as {
      principal: string;
      roles: [];
    }[];
    return Object.fromEntries(list.map(({ principal, roles }) => [principal, roles]));
  };

  it('shows a stranger nothing, and then a group of theirs what its role allows', async () => {
    const refused = { exitCode: 3, stdout: '', stderr: expect.stringMatching(/permission denied\. \(403\)/) };
    expect(await members('bob', 'list')).toEqual(refused);
    expect(await as('bob', 'workspaces', 'get', 'first-light')).toEqual(refused);

    await expect(members('alice', 'create', 'group:team-ml', '--role', 'Viewer', '--wait')).resolves.toMatchObject({
      exitCode: 0,
      stderr: 'In workspace "first-light", group:team-ml is now Viewer.\n',
    });

    expect((await members('bob', 'list')).stdout).toMatch(/^alice@example\.com +Admin .*\ngroup:team-ml +Viewer /m);
    expect(await as('bob', 'workspaces', 'get', 'first-light')).toMatchObject({ exitCode: 0 });
    expect(await members('bob', 'create', 'bob@example.com', '--role', 'Admin')).toEqual(refused);
    await members('alice', 'delete', 'group:team-ml', '--wait');
    expect(await members('bob', 'list')).toEqual(refused);
  });

  it('adds to roles, sets them, and takes them away', async () => {
    await members('alice', 'create', 'bob@example.com', '--role', 'Viewer');
    await members('alice', 'create', 'bob@example.com');
    expect(await rolesOf()).toEqual({ 'alice@example.com': ['Admin'], 'bob@example.com': ['Editor', 'Viewer'] });
    await members('alice', 'update', 'bob@example.com', '--role', 'Viewer', '--wait');
    expect(await rolesOf()).toEqual({ 'alice@example.com': ['Admin'], 'bob@example.com': ['Viewer'] });
    await expect(members('alice', 'delete', 'bob@example.com')).resolves.toMatchObject({
      exitCode: 0,
      stdout: 'Removed bob@example.com from workspace "first-light".\n',
    });
    expect(await rolesOf()).toEqual({ 'alice@example.com': ['Admin'] });
  });

  it('keeps the last Admin', async () => {
    const conflict = { exitCode: 3, stdout: '', stderr: expect.stringMatching(/^Error: \(409\) .*last Admin/) };
    expect(await members('alice', 'delete', 'alice@example.com')).toEqual(conflict);
    expect(await members('alice', 'update', 'alice@example.com', '--role', 'Viewer')).toEqual(conflict);
    expect(await members('admin', 'delete', 'alice@example.com')).toEqual(conflict);
  });

  it('says who is no member, and where the members can be seen', async () => {
    await expect(members('alice', 'delete', 'nobody@example.com')).resolves.toEqual({
      exitCode: 3,
      stdout: '',
      stderr: expect.stringMatching(
        /^Error: \(404\) Member 'nobody@example\.com' not found.*\n.*run: nemo workspaces members list --workspace first-light\n$/,
      ),
    });
  });

  it('says which roles there are, and how groups are written', async () => {
    const wrong = await members('alice', 'create', 'bob@example.com', '--role', 'Editr');
    expect(wrong).toMatchObject({ exitCode: 3, stderr: expect.stringMatching(/\(400\).*did you mean Editor\?/) });
    const { exitCode, stderr } = await members('alice', 'create', 'team-ml', '--role', 'Viewer');
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(/^Hint: .*group:team-ml/m);
    await members('alice', 'delete', 'team-ml');
  });

  it('lets an administrator of the platform look after every workspace', async () => {
    await members('admin', 'create', 'bob@example.com', '--role', 'Admin', '--wait');
    expect(await members('bob', 'update', 'alice@example.com', '--role', 'Editor')).toMatchObject({ exitCode: 0 });
    expect(await members('alice', 'create', 'alice@example.com', '--role', 'Admin')).toMatchObject({ exitCode: 3 });
  });
});
