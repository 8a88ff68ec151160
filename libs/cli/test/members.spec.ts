import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CommandLine } from './support/command-line.js';

const workspaces = '/apis/entities/v2/workspaces';
const path = `${workspaces}/demo/members`;
const grant = { granted_at: '2029-12-31T22:00:00Z', granted_by: 'alice-id' };
const bob = { principal: 'bob@example.com', roles: ['Editor', 'Viewer'], ...grant };
const team = { principal: 'group:team-ml', roles: ['Viewer'], ...grant };
const doubt =
  'Warning: The change is made, but the platform did not confirm that it is known everywhere: for a moment, some requests may still be decided without it\n';

describe('nemo workspaces members', () => {
  let line: CommandLine;

  beforeEach(async () => {
    line = await CommandLine.start();
    await line.signedIn();
    line.platform.on(`GET ${path}`, { json: { data: [bob, team] } });
    line.platform.on(`POST ${path}`, { status: 201, json: bob });
    line.platform.on(`PUT ${path}/bob%40example.com`, { json: bob });
    line.platform.on(`DELETE ${path}/bob%40example.com`, { json: { id: bob.principal, message: 'Member removed' } });
  });
  afterEach(() => line.end());

  const members = (...args: string[]) => line.run(['workspaces', 'members', ...args]);
  const demo = ['--workspace', 'demo'];

  it('lists them in a table', async () => {
    await expect(members('list', ...demo)).resolves.toEqual({
      exitCode: 0,
      stderr: '',
      stdout: [
        'PRINCIPAL        ROLES           GRANTED               GRANTED BY',
        'bob@example.com  Editor, Viewer  2029-12-31T22:00:00Z  alice-id',
        'group:team-ml    Viewer          2029-12-31T22:00:00Z  alice-id\n',
      ].join('\n'),
    });
    expect((await members('list', ...demo, '--timestamp-format', 'relative')).stdout).toContain('2h ago');
  });

  it.each([
    [
      'csv',
      'Principal,Roles,Granted,Granted by\nbob@example.com,"Editor, Viewer",2029-12-31T22:00:00Z,alice-id\ngroup:team-ml,Viewer,2029-12-31T22:00:00Z,alice-id\n',
    ],
    [
      'markdown',
      '| Principal | Roles | Granted | Granted by |\n| --- | --- | --- | --- |\n| bob@example.com | Editor, Viewer | 2029-12-31T22:00:00Z | alice-id |\n| group:team-ml | Viewer | 2029-12-31T22:00:00Z | alice-id |\n',
    ],
    [
      'raw',
      'bob@example.com\tEditor, Viewer\t2029-12-31T22:00:00Z\talice-id\ngroup:team-ml\tViewer\t2029-12-31T22:00:00Z\talice-id\n',
    ],
  ])('lists them as %s', async (format, stdout) => {
    await expect(members('list', ...demo, '-f', format)).resolves.toEqual({ exitCode: 0, stderr: '', stdout });
  });

  it('lists them as JSON and YAML, as the platform gave them', async () => {
    expect(JSON.parse((await members('list', ...demo, '-f', 'json')).stdout)).toEqual([bob, team]);
    expect((await members('list', ...demo, '-f', 'yaml')).stdout).toMatch(
      /^- principal: bob@example.com\n {2}roles:\n {4}- Editor\n/,
    );
  });

  it("takes the context's workspace when none is named, and NMP_WORKSPACE before that", async () => {
    const add = ['workspaces', 'members', 'create', 'bob@example.com'];
    line.platform.on(`POST ${workspaces}/default/members`, { status: 201, json: bob });
    expect((await line.run(add)).stderr).toBe('In workspace "default", bob@example.com is now Editor, Viewer.\n');
    const env = { NMP_WORKSPACE: 'demo' };
    expect((await line.run(add, { env })).stderr).toBe('In workspace "demo", bob@example.com is now Editor, Viewer.\n');
    expect(await line.run(['workspaces', 'members', 'list'], { env })).toMatchObject({ exitCode: 0 });
    expect(await line.run(['workspaces', 'members', 'delete', 'bob@example.com'], { env })).toMatchObject({
      exitCode: 0,
    });
  });

  it('gives, sets and takes roles', async () => {
    const created = await members('create', 'bob@example.com', '--role', 'Editor', '--role', 'Viewer', ...demo);
    expect(created).toMatchObject({
      exitCode: 0,
      stderr: 'In workspace "demo", bob@example.com is now Editor, Viewer.\n',
      stdout: expect.stringMatching(/^PRINCIPAL .*\nbob@example\.com +Editor, Viewer /),
    });
    expect(await members('create', 'bob@example.com', ...demo)).toMatchObject({ exitCode: 0 });
    expect(await members('update', 'bob@example.com', '--role', 'Viewer', ...demo)).toMatchObject({ exitCode: 0 });
    await expect(members('delete', 'bob@example.com', ...demo)).resolves.toEqual({
      exitCode: 0,
      stderr: '',
      stdout: 'Removed bob@example.com from workspace "demo".\n',
    });
    expect(line.platform.http.requests.map(({ method, query, body }) => [method, query.size, body])).toEqual([
      ['POST', 0, '{"principal":"bob@example.com","roles":["Editor","Viewer"]}'],
      ['POST', 0, '{"principal":"bob@example.com"}'],
      ['PUT', 0, '{"roles":["Viewer"]}'],
      ['DELETE', 0, ''],
    ]);
  });

  it('passes on what the platform thinks was meant', async () => {
    const hint = 'a group is written group:team-ml\u001b[2J';
    const answer = { ...team, principal: 'team-ml', hint };
    line.platform.on(`POST ${path}`, { status: 201, json: answer });
    const { exitCode, stdout, stderr } = await members('create', 'team-ml', ...demo, '-f', 'json');
    expect(exitCode).toBe(0);
    expect(stderr).toBe('In workspace "demo", team-ml is now Viewer.\nHint: a group is written group:team-ml [2J\n');
    expect(JSON.parse(stdout)).toEqual(answer);
  });

  it.each([
    ['service:jobs', /\nHint: a service of the platform may do everything without a role, and .* that alone\./],
    ['groups:team-ml', /\nHint: "groups:team-ml" is the id of a user or client; a group is written group:team-ml\n$/],
    ['alice@example', /is now Viewer\.\n$/],
  ])('tells who %s is', async (principal, message) => {
    line.platform.on(`POST ${path}`, { status: 201, json: { ...team, principal } });
    expect((await members('create', principal, ...demo)).stderr).toMatch(message);
  });

  describe('--wait', () => {
    const commands: readonly (readonly [string, ...string[]])[] = [
      ['POST', 'create', 'bob@example.com'],
      ['PUT', 'update', 'bob@example.com', '--role', 'Viewer'],
      ['DELETE', 'delete', 'bob@example.com'],
    ];
    const answers = (more: object): void => {
      line.platform.on(`POST ${path}`, { status: 201, json: { ...bob, ...more } });
      line.platform.on(`PUT ${path}/bob%40example.com`, { json: { ...bob, ...more } });
      line.platform.on(`DELETE ${path}/bob%40example.com`, { json: { id: 'bob', message: 'Removed', ...more } });
    };

    it.each(commands)('asks the platform to wait: %s for %s', async (method, ...args) => {
      answers({ role_propagation_confirmed: true });
      const { exitCode, stderr } = await members(...args, ...demo, '--wait');
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: expect.not.stringContaining('Warning') });
      expect(line.platform.http.requests.map((request) => [request.method, request.query.toString()])).toEqual([
        [method, 'wait_role_propagation=true'],
      ]);
    });

    it.each(commands)('warns when the platform cannot tell: %s for %s', async (_, ...args) => {
      for (const more of [{ role_propagation_confirmed: false }, {}]) {
        answers(more);
        const { exitCode, stderr } = await members(...args, ...demo, '--wait');
        expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: expect.stringContaining(doubt) });
      }
    });

    it('is there for the workspace that is created, too', async () => {
      line.platform.on(`POST ${workspaces}`, [
        { status: 201, json: { name: 'demo', role_propagation_confirmed: true } },
        { status: 201, json: { name: 'demo', role_propagation_confirmed: false } },
        { status: 201, json: { name: 'demo' } },
      ]);
      const create = ['workspaces', 'create', 'demo'];
      expect((await line.run([...create, '--wait'])).stderr).toBe('Created workspace "demo".\n');
      expect((await line.run([...create, '--wait'])).stderr).toBe(`Created workspace "demo".\n${doubt}`);
      expect((await line.run(create)).stderr).toBe('Created workspace "demo".\n');
      const queries = line.platform.http.requests.map(({ query }) => query.toString());
      expect(queries).toEqual(['wait_role_propagation=true', 'wait_role_propagation=true', '']);
    });
  });

  it.each([
    [
      403,
      'Error: permission denied. (403) Nope\nAsk an administrator of the workspace or of the platform for access, or check the name: nemo workspaces list\n',
    ],
    [404, 'Error: (404) Nope\nTo see who is there, run: nemo workspaces members list --workspace demo\n'],
    [409, 'Error: (409) Nope\nTo see who is there, run: nemo workspaces members list --workspace demo\n'],
    [400, 'Error: (400) Nope\nCorrect what the message names, then try again\n'],
  ])('exits 3 on status %i and says what to do next', async (status, stderr) => {
    line.platform.on(`DELETE ${path}/bob%40example.com`, { status, json: { detail: 'Nope' } });
    await expect(members('delete', 'bob@example.com', ...demo)).resolves.toEqual({ exitCode: 3, stdout: '', stderr });
  });

  it('shows the name it was called by in what to do next', async () => {
    line.platform.on(`GET ${path}`, { status: 404, json: { detail: 'Nope' } });
    const list = ['workspaces', 'members', 'list', ...demo];
    expect((await line.run(list, { programName: 'nmp' })).stderr).toMatch(/run: nmp workspaces members list/);
  });

  it.each([
    [['list', 'extra'], /too many arguments/],
    [['create'], /missing required argument 'principal'/],
    [['update', 'x'], /required option '--role <role>'/],
    [['delete'], /missing required argument 'principal'/],
  ])('takes %j for a usage error', async (args, message) => {
    const { exitCode, stderr } = await members(...args);
    expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringMatching(message) });
    expect(stderr).toMatch(new RegExp(`Run: nemo workspaces members ${args[0]} --help\n$`));
    expect(line.platform.http.requests).toEqual([]);
  });
});
