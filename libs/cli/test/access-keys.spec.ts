import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CommandLine } from './support/command-line.js';

const path = '/apis/auth/v2/access-keys';
const id = '0b7c1f52-5c0b-4c1e-9d2a-0123456789ab';
const key = {
  jti: id,
  name: 'ci',
  scopes: ['platform:read', 'models:read'],
  state: 'active',
  owner: 'alice-id',
  owner_email: 'alice@example.com',
  created_at: '2029-12-31T22:00:00Z',
  expires_at: '2030-01-31T22:00:00Z',
  last_used_at: null,
  replaced_by: null,
};
const made = { ...key, access_key: 'a.new.key' };
const list = (...data: object[]) => ({
  json: {
    data,
    pagination: { page: 1, page_size: 100, current_page_size: data.length, total_pages: 1, total_results: data.length },
  },
});
const told = 'It is shown this once, and kept nowhere. Programs take it from NMP_ACCESS_TOKEN.\n';

describe('nemo auth access-keys', () => {
  let line: CommandLine;

  beforeEach(async () => {
    line = await CommandLine.start();
    await line.signedIn();
    line.platform.on(`GET ${path}`, list(key));
    line.platform.on(`POST ${path}`, { status: 201, json: made });
    line.platform.on(`POST ${path}/${id}/rotate`, { json: made });
    line.platform.on(`DELETE ${path}/${id}`, { json: { ...key, state: 'revoked' } });
  });
  afterEach(() => line.end());

  const keys = (...args: string[]) => line.run(['auth', 'access-keys', ...args]);
  const sent = () =>
    line.platform.http.requests
      .filter((request) => request.path.startsWith(path))
      .map(({ method, path: where, body }) => [method, where, body].join(' ').trimEnd());

  it('prints a new key alone, and says beside it what it is', async () => {
    const scopes = ['--scope', 'platform:read', '--scope', 'models:read'];
    await expect(keys('create', 'ci', ...scopes, '--expires-in', '7d')).resolves.toEqual({
      exitCode: 0,
      stdout: 'a.new.key\n',
      stderr: `Made access key "ci": good for platform:read models:read until 2030-01-31T22:00:00Z.\n${told}`,
    });
    expect(sent()).toEqual([
      `POST ${path} {"name":"ci","scopes":["platform:read","models:read"],"expires_in_seconds":604800}`,
    ]);
  });

  it('prints all of it as JSON', async () => {
    const { stdout } = await keys('create', 'ci', '--scope', 'platform:read models:read', '-f', 'json');
    expect(JSON.parse(stdout)).toEqual(made);
    expect(sent()[0]).toContain('"scopes":["platform:read","models:read"]');
  });

  it('lists keys, without the keys themselves', async () => {
    await expect(keys('list')).resolves.toEqual({
      exitCode: 0,
      stderr: '',
      stdout: [
        'NAME  SCOPES                     STATE   EXPIRES               LAST USED  ID',
        `ci    platform:read models:read  active  2030-01-31T22:00:00Z  never      ${id}\n`,
      ].join('\n'),
    });
    expect((await keys('list', '--all')).stdout).toMatch(/^NAME +OWNER .*\nci +alice@example\.com /);
    expect(JSON.parse((await keys('list', '-f', 'json')).stdout)).toEqual([key]);
    expect((await keys('list', '-f', 'csv')).stdout).toMatch(/^Name,Scopes,State,Expires,Last used,ID\nci,/);
  });

  it('rotates and revokes by name, and by id without asking for the name', async () => {
    await expect(keys('rotate', 'ci', '--grace', '1h')).resolves.toMatchObject({
      exitCode: 0,
      stdout: 'a.new.key\n',
      stderr: expect.stringMatching(/^Rotated access key "ci"/),
    });
    await expect(keys('revoke', id)).resolves.toEqual({
      exitCode: 0,
      stdout: 'Revoked access key "ci".\n',
      stderr: '',
    });
    expect(sent()).toEqual([`GET ${path}`, `POST ${path}/${id}/rotate {"grace_seconds":3600}`, `DELETE ${path}/${id}`]);
  });

  it('revokes by name what a rotation left usable, too', async () => {
    const old = 'aaaaaaaa-5c0b-4c1e-9d2a-0123456789ab';
    const gone = { ...key, jti: 'bbbbbbbb-5c0b-4c1e-9d2a-0123456789ab', state: 'revoked' };
    line.platform.on(`GET ${path}`, list(key, { ...key, jti: old, replaced_by: id }, gone, { ...key, name: 'cd' }));
    line.platform.on(`DELETE ${path}/${old}`, { json: { ...key, jti: old, state: 'rotated' } });
    await expect(keys('revoke', 'ci')).resolves.toEqual({
      exitCode: 0,
      stdout: 'Revoked 2 access keys "ci".\n',
      stderr: '',
    });
    expect(sent()).toEqual([`GET ${path}`, `DELETE ${path}/${id}`, `DELETE ${path}/${old}`]);
    expect(JSON.parse((await keys('revoke', 'ci', '-f', 'json')).stdout)).toHaveLength(2);
  });

  it('leaves what is revoked already', async () => {
    line.platform.on(`GET ${path}`, list({ ...key, state: 'revoked' }));
    await expect(keys('revoke', 'ci')).resolves.toEqual({
      exitCode: 0,
      stdout: 'Access key "ci" is revoked already.\n',
      stderr: '',
    });
    expect(sent()).toEqual([`GET ${path}`]);
  });

  it.each(['table', 'raw', 'csv', 'markdown'])('prints a key as it is as %s', async (format) => {
    const hard = 'ey_J.a-b_c.d__e';
    line.platform.on(`POST ${path}`, { status: 201, json: { ...made, access_key: hard } });
    const { stdout } = await keys('create', 'ci', '--scope', 'platform:read', '-f', format);
    expect(stdout.trimEnd().split('\n').at(-1)).toBe(hard);
  });

  it('says what to do about a key that was made and cannot be printed', async () => {
    const advised: string[] = [];
    const adviseOnLoss = (advice: string): void => void advised.push(advice);
    await line.run(['auth', 'access-keys', 'create', 'ci', '--scope', 'platform:read'], { adviseOnLoss });
    expect(advised).toEqual([expect.stringMatching(/was made.*Run: nemo auth access-keys rotate ci$/)]);
  });

  it('says where to look when there is no such key', async () => {
    line.platform.on(`GET ${path}`, list());
    line.platform.on(`DELETE ${path}/nightly`, { status: 404, json: { detail: 'Access key not found' } });
    await expect(keys('revoke', 'nightly')).resolves.toEqual({
      exitCode: 3,
      stdout: '',
      stderr: 'Error: (404) Access key not found\nTo see your access keys, run: nemo auth access-keys list\n',
    });
  });

  it.each<[string[], RegExp]>([
    [['create', 'ci'], /required option '--scope <scope>' not specified/],
    [
      ['create', 'ci', '--scope', 'platform:read', '--expires-in', 'soon'],
      /--expires-in is "soon"; it is a length of time/,
    ],
    [['rotate', 'ci', '--grace', '1w'], /--grace is "1w"/],
    [['list', '--owner', 'alice'], /--owner goes with --all/],
    [['revoke'], /missing required argument 'key'/],
  ])('does not guess: %j', async (args, problem) => {
    await expect(keys(...args)).resolves.toMatchObject({
      exitCode: 2,
      stdout: '',
      stderr: expect.stringMatching(problem),
    });
    expect(sent()).toEqual([]);
  });
});
