import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { StubIdp } from '../../test/support/stub-idp.js';
import { StubPlatform } from '../../test/support/stub-platform.js';
import { ConflictError, NotFoundError, UnexpectedAnswerError } from '../errors.js';
import { NeMoPlatform } from '../nemo-platform.js';
import type { Members } from './members.js';

const path = '/apis/entities/v2/workspaces/lab/members';
const bob = { principal: 'bob@example.com', roles: ['Editor', 'Viewer'], granted_at: '2030-01-01T00:00:00Z' };

describe('the members of a workspace', () => {
  let idp: StubIdp;
  let platform: StubPlatform;
  let members: Members;

  beforeEach(async () => {
    idp = await StubIdp.start();
    platform = await StubPlatform.start(idp);
    const options = { baseUrl: platform.url, accessToken: 'a-token', workspace: 'lab', env: {} };
    ({ members } = new NeMoPlatform(options).workspaces);
  });
  afterEach(async () => {
    await Promise.all([idp.close(), platform.close()]);
  });

  const asked = () =>
    platform.http.requests.map(({ method, path: where, query, body }) =>
      [method, query.size > 0 ? `${where}?${query.toString()}` : where, body].join(' ').trimEnd(),
    );

  it('are listed for the workspace of the client, or the one named', async () => {
    platform.on(`GET ${path}`, { json: { data: [bob] } });
    platform.on('GET /apis/entities/v2/workspaces/a%20b/members', { json: { data: [] } });
    await expect(members.list()).resolves.toEqual([bob]);
    await expect(members.list({ workspace: 'a b' })).resolves.toEqual([]);
  });

  it('get roles, beside those they have or instead', async () => {
    platform.on(`POST ${path}`, { status: 201, json: { ...bob, hint: 'a group is written group:bob' } });
    platform.on(`PUT ${path}/bob%40example.com`, { json: bob });
    const { principal } = bob;
    await expect(members.create({ principal, roles: ['Viewer'] })).resolves.toMatchObject({
      hint: expect.stringContaining('group:bob'),
    });
    await members.create({ principal });
    await members.update(principal, { roles: ['Editor', 'Viewer'] });
    expect(asked()).toEqual([
      `POST ${path} {"principal":"bob@example.com","roles":["Viewer"]}`,
      `POST ${path} {"principal":"bob@example.com"}`,
      `PUT ${path}/bob%40example.com {"roles":["Editor","Viewer"]}`,
    ]);
  });

  it('lose all their roles, whatever characters their names have', async () => {
    const removed = { id: 'group:ml/team', message: 'Member removed' };
    platform.on(`DELETE ${path}/group%3Aml%2Fteam`, { json: removed });
    await expect(members.delete('group:ml/team')).resolves.toEqual(removed);
  });

  it('are known everywhere when that is asked for, as far as the platform can tell', async () => {
    const confirmed = { role_propagation_confirmed: true };
    platform.on(`POST ${path}`, { status: 201, json: { ...bob, ...confirmed } });
    platform.on(`PUT ${path}/x`, { json: { ...bob, role_propagation_confirmed: false } });
    platform.on(`DELETE ${path}/x`, { json: { id: 'x', message: 'Member removed', ...confirmed } });
    const wait = { waitRolePropagation: true };
    await expect(members.create({ principal: 'x' }, wait)).resolves.toMatchObject(confirmed);
    await expect(members.update('x', { roles: ['Viewer'] }, wait)).resolves.toMatchObject({
      role_propagation_confirmed: false,
    });
    await expect(members.delete('x', wait)).resolves.toMatchObject(confirmed);
    const query = '?wait_role_propagation=true';
    expect(asked()).toEqual([
      `POST ${path}${query} {"principal":"x"}`,
      `PUT ${path}/x${query} {"roles":["Viewer"]}`,
      `DELETE ${path}/x${query}`,
    ]);
  });

  it('may take longer to be known everywhere than other answers take', async () => {
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    platform.http.on(`PUT ${path}/x`, async ({ query }) => {
      if (query.has('wait_role_propagation')) release();
      await held;
      return { json: bob };
    });
    const options = { baseUrl: platform.url, accessToken: 'a-token', workspace: 'lab', timeoutMs: 1, env: {} };
    const impatient = new NeMoPlatform(options).workspaces.members;
    await expect(impatient.update('x', { roles: ['Viewer'] })).rejects.toMatchObject({ code: 'timeout' });
    await expect(impatient.update('x', { roles: ['Viewer'] }, { waitRolePropagation: true })).resolves.toEqual(bob);
  });

  it.each([
    [404, NotFoundError],
    [409, ConflictError],
  ])('say where to look after status %i', async (status, kind) => {
    platform.on(`DELETE ${path}/x`, { status, json: { detail: 'No' } });
    const deletion = members.delete('x');
    await expect(deletion).rejects.toThrow(kind);
    await expect(deletion).rejects.toThrow(
      `(${status}) No. To see who is there, run: nemo workspaces members list --workspace lab`,
    );
  });

  it('say it in a form that a shell takes for a name only', async () => {
    const nowhere = '/apis/entities/v2/workspaces/%24(id)/members';
    platform.on(`GET ${nowhere}`, { status: 404, json: { detail: 'No' } });
    await expect(members.list({ workspace: '$(id)' })).rejects.toThrow(/--workspace '\$\(id\)'$/);
  });

  it.each(['', '.', '..'])('are never called %j, which would be another path', async (name) => {
    await expect(members.update(name, { roles: ['Viewer'] })).rejects.toMatchObject({ code: 'invalid_name' });
    await expect(members.delete(name)).rejects.toMatchObject({ code: 'invalid_name' });
    await expect(members.list({ workspace: name })).rejects.toMatchObject({ code: 'invalid_name' });
    expect(asked()).toEqual([]);
  });

  it.each([
    [{ principal: 'x' }, '"data[0].roles" is missing'],
    [{ principal: 'x', roles: [7] }, '"data[0].roles[0]" in its answer is not text'],
    [{ principal: 'x', roles: [], role_propagation_confirmed: 'yes' }, 'is not true or false'],
  ])('are not made of an answer like %j', async (member, problem) => {
    platform.on(`GET ${path}`, { json: { data: [member] } });
    await expect(members.list()).rejects.toThrow(UnexpectedAnswerError);
    await expect(members.list()).rejects.toThrow(problem);
  });
});
