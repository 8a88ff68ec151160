import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CommandLine } from './support/command-line.js';

const path = '/apis/entities/v2/workspaces';

describe('nemo workspaces', () => {
  let line: CommandLine;

  beforeEach(async () => {
    line = await CommandLine.start();
    await line.signedIn();
  });
  afterEach(() => line.end());

  it('lists them in a table', async () => {
    line.platform.hasWorkspaces('one', 'second');
    const { exitCode, stdout, stderr } = await line.run(['workspaces', 'list']);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toBe(
      'NAME    DESCRIPTION   CREATED  CREATED BY\none     About one              alice@example.com\nsecond  About second           alice@example.com\n',
    );
  });

  it('lists them as JSON and YAML, before or after the command', async () => {
    line.platform.hasWorkspaces('one');
    const expected = [{ name: 'one', description: 'About one', created_by: 'alice@example.com' }];
    expect(JSON.parse((await line.run(['workspaces', 'list', '-f', 'json'])).stdout)).toEqual(expected);
    expect(JSON.parse((await line.run(['--output-format', 'json', 'workspaces', 'list'])).stdout)).toEqual(expected);
    const env = { NMP_OUTPUT_FORMAT: 'yaml' };
    expect((await line.run(['workspaces', 'list'], { env })).stdout).toMatch(/^- name: one\n/);
  });

  it('creates, shows, changes and deletes one', async () => {
    line.platform.on(`POST ${path}`, { status: 201, json: { name: 'demo', description: 'First' } });
    line.platform.on(`GET ${path}/demo`, { json: { name: 'demo' } });
    line.platform.on(`PUT ${path}/demo`, { json: { name: 'demo', description: 'Second' } });
    line.platform.on(`DELETE ${path}/demo`, { json: { id: 'ws-7', message: 'Workspace marked for deletion' } });
    const created = await line.run(['workspaces', 'create', 'demo', '--description', 'First']);
    expect(created).toMatchObject({
      exitCode: 0,
      stderr: 'Created workspace "demo".\n',
      stdout: expect.stringContaining('First'),
    });
    expect(await line.run(['workspaces', 'get', 'demo'])).toMatchObject({ exitCode: 0 });
    expect(await line.run(['workspaces', 'update', 'demo', '--description', 'Second'])).toMatchObject({ exitCode: 0 });
    expect(await line.run(['workspaces', 'delete', 'demo'])).toMatchObject({
      exitCode: 0,
      stdout: 'Deleted workspace "demo".\n',
    });
    expect(line.platform.http.requests.map(({ method, body }) => [method, body])).toEqual([
      ['POST', '{"name":"demo","description":"First"}'],
      ['GET', ''],
      ['PUT', '{"description":"Second"}'],
      ['DELETE', ''],
    ]);
  });

  it('makes what servers say harmless on a terminal', async () => {
    line.platform.on(`GET ${path}/x`, { json: { name: 'x', description: '\u001b[2Jgone\nnew row' } });
    expect((await line.run(['workspaces', 'get', 'x'])).stdout).toContain('[2Jgone new row');
  });

  it.each([
    [
      401,
      'Error: the platform does not accept the sign-in. (401) Nope\nRun: nemo auth login, or set NMP_ACCESS_TOKEN\n',
    ],
    [
      403,
      'Error: permission denied. (403) Nope\nAsk an administrator of the workspace or of the platform for access, or check the name: nemo workspaces list\n',
    ],
    [404, 'Error: (404) Nope\nTo see what is there, run: nemo workspaces list\n'],
    [409, 'Error: (409) Nope\nTo see what is there, run: nemo workspaces list\n'],
    [400, 'Error: (400) Nope\nCorrect what the message names, then try again\n'],
    [503, 'Error: (503) Nope\nTry again later; if it stays that way, tell an administrator of the platform\n'],
  ])('exits 3 on status %i and says what to do next', async (status, stderr) => {
    line.platform.on(`GET ${path}/x`, { status, json: { detail: 'Nope' } });
    await expect(line.run(['workspaces', 'get', 'x'])).resolves.toEqual({ exitCode: 3, stdout: '', stderr });
  });

  it('names the sign-in with the missing scope beside those held', async () => {
    const headers = { 'www-authenticate': 'Bearer realm="x", error="insufficient_scope", scope="jobs:run $(id)"' };
    const json = { code: 'insufficient_scope', detail: 'Forbidden' };
    line.platform.on(`GET ${path}/x`, { status: 403, headers, json });
    expect((await line.run(['workspaces', 'get', 'x'])).stderr).toBe(
      "Error: permission denied. (403) Forbidden\nRun: nemo auth login --scope 'platform:read platform:write jobs:run'\n",
    );
    const env = { NMP_ACCESS_TOKEN: 'opaque' };
    expect((await line.run(['workspaces', 'get', 'x'], { env })).stderr).toMatch(
      /^Set NMP_ACCESS_TOKEN to a token with that scope, or unset it and run: nemo auth login --scope 'jobs:run'$/m,
    );
  });

  it('says that there is no platform where something else answers 404', async () => {
    line.platform.on(`GET ${path}`, { status: 404, text: '<html>' });
    const { exitCode, stderr } = await line.run(['workspaces', 'list']);
    expect(exitCode).toBe(3);
    expect(stderr).toContain(`There is no platform at ${line.platform.url}`);
    expect(stderr).toMatch(/\(--base-url, or NMP_BASE_URL\)\n$/);
    expect(stderr).not.toMatch(/workspaces list/);
  });

  it('names other contexts there are where something else answers', async () => {
    await line.config.file.update((document) => document.setBaseUrl('my lab', 'https://lab.example.com'));
    line.platform.on(`GET ${path}`, { status: 404, text: '<html>' });
    expect((await line.run(['workspaces', 'list'])).stderr).toMatch(
      /, or use another context \(my lab\)\. Run: nemo config use-context 'my lab'\n$/,
    );
    const elsewhere = await CommandLine.start();
    elsewhere.platform.on(`GET ${path}`, { status: 404, text: '<html>' });
    const args = ['workspaces', 'list', '--base-url', elsewhere.platform.url];
    expect((await line.run(args)).stderr).not.toMatch(/context/);
    await elsewhere.end();
  });

  it.each([
    ["Workspace 'ml' still holds projects: a, b", `Delete them first, each with DELETE ${path}/ml/projects/<name>`],
    ["Workspace 'ml' belongs to the platform and cannot be deleted", 'Leave it as it is'],
    ['Busy', 'Change what the message names, then try again'],
  ])('says why a workspace is not deleted: %s', async (detail, advice) => {
    line.platform.on(`DELETE ${path}/ml`, { status: 409, json: { detail } });
    expect(await line.run(['workspaces', 'delete', 'ml'])).toMatchObject({
      exitCode: 3,
      stderr: `Error: (409) ${detail}\n${advice}\n`,
    });
  });

  it('says whom to ask for the right to create workspaces', async () => {
    line.platform.on(`POST ${path}`, { status: 403, json: { code: 'access_denied', detail: 'Forbidden' } });
    expect((await line.run(['workspaces', 'create', 'demo'])).stderr).toBe(
      'Error: permission denied. (403) Forbidden\nAsk an administrator of the platform for a role that lets you create workspaces (WorkspaceCreator in "system")\n',
    );
  });

  it('says that a server does not speak https', async () => {
    const url = line.platform.url.replace('http:', 'https:');
    expect(await line.run(['workspaces', 'list', '--base-url', url])).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining('could not be reached (it does not speak https; perhaps it speaks http).'),
    });
  });

  it('says whose the stored sign-in is when another platform wants one', async () => {
    const other = await CommandLine.start();
    other.platform.on(`GET ${path}`, { status: 401, json: { detail: 'Unauthorized' } });
    const { url } = other.platform;
    await expect(line.run(['workspaces', 'list', '--base-url', url])).resolves.toEqual({
      exitCode: 1,
      stdout: '',
      stderr: `Error: Nobody is signed in to ${url}: the stored sign-in belongs to ${line.platform.url}. Run: nemo auth login --base-url ${url}\n`,
    });
    expect(other.platform.bearers).toEqual([undefined]);
    await other.end();
  });

  it('prints the raw answer of a deletion for programs', async () => {
    const answer = { id: 'ws-7', message: 'Workspace marked for deletion' };
    line.platform.on(`DELETE ${path}/demo`, { json: answer });
    expect(JSON.parse((await line.run(['workspaces', 'delete', 'demo', '-f', 'json'])).stdout)).toEqual(answer);
  });

  it('exits 3 when the platform is not there', async () => {
    await line.platform.close();
    const { exitCode, stderr } = await line.run(['workspaces', 'list']);
    expect(exitCode).toBe(3);
    expect(stderr).toMatch(/could not be reached \(ECONNREFUSED\)/);
  });

  describe('as a table', () => {
    const description = 'x'.repeat(100);

    beforeEach(() => {
      line.platform.on(`GET ${path}/demo`, {
        json: { name: 'demo', description, created_at: '2029-12-31T22:00:00Z', created_by: 'alice-id' },
      });
    });

    it('cuts long values off, unless told not to', async () => {
      const get = ['workspaces', 'get', 'demo'];
      const cut = new RegExp(`x{60}…  2029-`);
      expect((await line.run(get)).stdout).toMatch(cut);
      expect((await line.run([...get, '--no-truncate'])).stdout).toContain(description);
      expect((await line.run(get, { env: { NMP_TRUNCATE: 'false' } })).stdout).toContain(description);
    });

    it('names who created it by e-mail address where there is one', async () => {
      const created = { created_by: 'alice-id', created_by_email: 'alice@example.com' };
      line.platform.on(`GET ${path}/demo`, { json: { name: 'demo', description: null, ...created } });
      expect((await line.run(['workspaces', 'get', 'demo', '-f', 'raw'])).stdout).toBe('demo\t\t\talice@example.com\n');
    });

    it('shows times the way they are wanted', async () => {
      const args = ['workspaces', 'get', 'demo', '--timestamp-format', 'relative'];
      expect((await line.run(args)).stdout).toContain('2h ago');
    });

    it.each([
      ['csv', `Name,Description,Created,Created by\ndemo,${description},2029-12-31T22:00:00Z,alice-id\n`],
      [
        'markdown',
        `| Name | Description | Created | Created by |\n| --- | --- | --- | --- |\n| demo | ${description} | 2029-12-31T22:00:00Z | alice-id |\n`,
      ],
      ['raw', `demo\t${description}\t2029-12-31T22:00:00Z\talice-id\n`],
    ])('is %s for other programs, whole', async (format, text) => {
      expect(await line.run(['workspaces', 'get', 'demo', '-f', format])).toMatchObject({ exitCode: 0, stdout: text });
    });
  });
});
