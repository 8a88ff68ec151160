import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { TestIssuer } from '@nmp/auth/testing';
import { Database } from '../src/storage/database.js';
import { roleBindings } from '../src/storage/schema.js';
import { startIssuer } from './support/issuers.js';
import { ApiCaller, type Method, platformConfig, startPlatform } from './support/platform.js';

const root = '/apis/auth/v2/iam/role-bindings';
let issuer: TestIssuer;
let app: NestFastifyApplication;
let alice: ApiCaller;
let admin: ApiCaller;

beforeAll(async () => {
  issuer = await startIssuer();
  app = await startPlatform(platformConfig(issuer.issuer));
  alice = await person('alice');
  admin = await person('admin');
  await alice.workspaces('post', '', { name: 'ml-team' }).expect(201);
});

afterAll(async () => {
  await app?.close();
  await issuer?.close();
});

it('gives, reads and revokes a role', async () => {
  const bob = await person('bob');
  const wanted = { principal: 'Bob@example.com', workspace: 'ml-team', role: 'Viewer' };
  const created = await admin.request('post', root, wanted).expect(200);
  expect(created.body).toEqual({
    id: expect.stringMatching(/^[\da-f-]{36}$/),
    name: expect.stringMatching(/^rb-[\da-f]{24}$/),
    principal: 'bob@example.com',
    workspace: 'ml-team',
    role: 'Viewer',
    granted_by: 'admin',
    granted_at: expect.any(String),
    revoked_by: null,
    revoked_at: null,
    is_active: true,
  });
  await bob.workspaces('get', '/ml-team').expect(200);
  const { id, name } = created.body;
  expect((await admin.request('get', `${root}/${name}`).expect(200)).body).toEqual(created.body);
  await admin.request('head', `${root}/${name}`).expect(200);
  await admin.request('post', root, wanted).expect(409);

  expect((await admin.request('delete', `${root}/${name}`).expect(200)).body).toEqual({ id });
  await bob.workspaces('get', '/ml-team').expect(403);
  await admin.request('delete', `${root}/${name}`).expect(409);
  const revoked = await admin.request('get', `${root}/${name}`).expect(200);
  expect(revoked.body).toMatchObject({ id, is_active: false, revoked_by: 'admin' });

  const again = await admin.request('post', root, wanted).expect(200);
  expect(again.body).toMatchObject({ name, is_active: true });
  expect(again.body.id).not.toBe(id);
  expect((await admin.request('get', `${root}/${name}`).expect(200)).body).toEqual(again.body);
});

it('names bindings as others do', async () => {
  const { body } = await admin.request('get', `${root}?filter[principal]=*&filter[workspace]=default`).expect(200);
  expect(body.data.map(({ name }: { name: string }) => name)).toEqual(['rb-15c5ce544143ffde1ab2df18']);
});

it('gives roles of the platform in system, which is the default', async () => {
  const { body } = await admin.request('post', root, { principal: 'carol@example.com', role: 'PlatformAdmin' });
  expect(body).toMatchObject({ workspace: 'system', role: 'PlatformAdmin' });
  await (await person('carol')).request('get', root).expect(200);
  await admin.request('delete', `${root}/${body.name}`).expect(200);
  await (await person('carol')).request('get', root).expect(403);
});

it('lists page by page, sorted and filtered', async () => {
  for (const number of [1, 2, 3]) {
    await admin.request('post', root, { principal: `p${number}@example.com`, workspace: 'ml-team', role: 'Viewer' });
  }
  const filter = 'filter[workspace]=ml-team&filter[role]=Viewer&filter[is_active]=true';
  const { body } = await admin.request('get', `${root}?${filter}&page_size=2&page=2&sort=-created_at`).expect(200);
  expect(body).toMatchObject({
    pagination: { page: 2, page_size: 2, current_page_size: 2, total_results: 4 },
    sort: '-created_at',
    filter: { workspace: 'ml-team', role: 'Viewer', is_active: 'true' },
  });
  const revoked = await admin.request('get', `${root}?filter[is_active]=false&filter[workspace]=ml-team`).expect(200);
  expect(revoked.body.data).toHaveLength(1);
  expect((await admin.request('get', root).expect(200)).body.pagination.page_size).toBe(10);
  for (const query of ['sort=role', 'page=0', 'filter[x]=1', 'filter[is_active]=maybe']) {
    await admin.request('get', `${root}?${query}`).expect(400);
  }
});

it.each<[object, number, RegExp]>([
  [{ role: 'Viewer' }, 400, /^principal must be/],
  [{ principal: 'x@example.com' }, 400, /^role must be/],
  [{ principal: 'x@example.com', role: 'viewer' }, 400, /did you mean Viewer\?$/],
  [{ principal: 'a b', role: 'Viewer' }, 400, /^principal must be/],
  [{ principal: 'x@example.com', role: 'ServiceSystem' }, 400, /for services alone/],
  [{ principal: 'x@example.com', role: 'PlatformAdmin', workspace: 'ml-team' }, 400, /in the workspace system alone/],
  [{ principal: 'x@example.com', role: 'Viewer', workspace: 'missing' }, 404, /^Workspace 'missing' not found$/],
  [{ principal: 'x@example.com', role: 'Viewer', workspace: "'; --" }, 404, /not found$/],
  [{ principal: 'x@example.com', role: 'Viewer', granted_by: 'root' }, 400, /is not a known member/],
])('refuses %j with %i', async (body, status, detail) => {
  const answer = await admin.request('post', root, body).expect(status);
  expect(answer.body.detail).toMatch(detail);
});

it.each(['rb-000000000000000000000000', 'x', "rb-'%20or%201=1", '%00', 'a'.repeat(300)])(
  'finds no binding %s',
  async (name) => {
    const { body } = await admin.request('get', `${root}/${name}`).expect(404);
    expect(body.detail).toBe('Role binding not found');
    await admin.request('delete', `${root}/${name}`).expect(404);
  },
);

describe('who may', () => {
  const wanted = { principal: 'alice@example.com', workspace: 'ml-team', role: 'Editor' };
  const requests: [Method, string, object?][] = [
    ['get', root],
    ['post', root, wanted],
    ['get', `${root}/rb-15c5ce544143ffde1ab2df18`],
    ['delete', `${root}/rb-15c5ce544143ffde1ab2df18`],
  ];

  it('is not the Admin of a workspace, not even of system', async () => {
    await admin.request('post', root, { principal: 'alice@example.com', role: 'Admin' }).expect(200);
    for (const [method, path, body] of requests) {
      const answer = await alice.request(method, path, body).expect(403);
      expect(answer.body).toEqual({ statusCode: 403, error: 'Forbidden', code: 'access_denied', detail: 'Forbidden' });
    }
  });

  it('needs the scopes of the area auth, the PlatformAdmin as well', async () => {
    const reader = await ApiCaller.signedIn(app, issuer, { email: 'admin@example.com', scope: 'auth:read' });
    await reader.request('get', root).expect(200);
    await reader.request('post', root, wanted).expect(403);
    const other = await ApiCaller.signedIn(app, issuer, { email: 'admin@example.com', scope: 'entities:read' });
    await other.request('get', root).expect(403);
  });

  it('is nobody without a token', async () => {
    for (const [method, path, body] of requests) {
      await ApiCaller.anonymous(app).request(method, path, body).expect(401);
    }
  });
});

it('tells everybody their own roles, workspace by workspace', async () => {
  const groupie = await ApiCaller.signedIn(app, issuer, { subject: 'g', email: 'g@example.com', groups: ['team-x'] });
  await admin.request('post', root, { principal: 'group:team-x', workspace: 'ml-team', role: 'Viewer' }).expect(200);
  await admin.request('post', root, { principal: 'g@example.com', workspace: 'ml-team', role: 'Editor' }).expect(200);
  const { body } = await groupie.request('get', '/apis/auth/v2/whoami').expect(200);
  expect(body.roles).toEqual({
    default: ['Editor'],
    'ml-team': ['Editor', 'Viewer'],
    system: ['Viewer', 'WorkspaceCreator'],
  });
});

function person(name: string): Promise<ApiCaller> {
  return ApiCaller.signedIn(app, issuer, { subject: name, email: `${name}@example.com` });
}

it('makes nobody PlatformAdmin by being one of everybody', async () => {
  const binding = { principal: '*', workspace: 'system', role: 'PlatformAdmin' };
  const { body } = await admin.request('post', root, binding).expect(400);
  expect(body.detail).toBe('the role PlatformAdmin is not for everybody');
  await admin.workspaces('put', '/system/members/*', { roles: ['PlatformAdmin'] }).expect(400);
  // As somebody may have written it into the database.
  const database = app.get<Database>(Database, { strict: false });
  await database.insert(roleBindings).values({ ...binding, name: 'rb-everybody', grantedBy: 'somebody' });
  const stranger = await person('mallory');
  await stranger.request('get', root).expect(403);
  const { body: self } = await stranger.request('get', '/apis/auth/v2/whoami').expect(200);
  expect(self.roles.system).not.toContain('PlatformAdmin');
});
