import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { TestIssuer } from '@nmp/auth/testing';
import { Database } from '../src/storage/database.js';
import { roleBindings } from '../src/storage/schema.js';
import { startIssuer } from './support/issuers.js';
import { ApiCaller, type Method, platformConfig, startPlatform } from './support/platform.js';

let issuer: TestIssuer;
let app: NestFastifyApplication;
let alice: ApiCaller;
let bob: ApiCaller;
let admin: ApiCaller;

beforeAll(async () => {
  issuer = await startIssuer();
  app = await startPlatform(
    platformConfig(issuer.issuer, {
      auth: {
        adminEmail: 'Admin@example.com',
        scopeEnforcement: 'when-present',
        oidc: { issuer: issuer.issuer, clientId: 'nmp-cli', audience: 'nmp-platform' },
      },
    }),
  );
  alice = await ApiCaller.signedIn(app, issuer, { subject: 'alice', email: 'alice@example.com', groups: ['team-ml'] });
  bob = await ApiCaller.signedIn(app, issuer, { subject: 'bob', email: 'bob@example.com' });
  admin = await ApiCaller.signedIn(app, issuer, { subject: 'root', email: 'admin@example.com' });
});

afterAll(async () => {
  await app?.close();
  await issuer?.close();
});

describe('creating a workspace', () => {
  it('answers 201 with the workspace, and makes its creator the Admin', async () => {
    const created = await alice.workspaces('post', '', { name: 'made', description: 'by Alice' }).expect(201);
    expect(created.body).toEqual({
      id: expect.stringMatching(/^[\da-f-]{36}$/),
      name: 'made',
      description: 'by Alice',
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      created_by: 'alice',
      created_by_email: 'alice@example.com',
      updated_at: created.body.created_at,
      updated_by: 'alice',
    });
    expect((await alice.workspaces('get', '/made').expect(200)).body).toEqual(created.body);
    expect(await bindingsOf('made')).toEqual([['alice@example.com', 'Admin', 'alice']]);
  });

  it('binds a creator whose e-mail is not verified by id', async () => {
    const caller = await ApiCaller.signedIn(app, issuer, {
      subject: 'unverified',
      email: 'alice@example.com',
      claims: { email_verified: false },
    });
    const created = await caller.workspaces('post', '', { name: 'unverified' }).expect(201);
    expect(created.body).toMatchObject({ created_by: 'unverified', created_by_email: null });
    expect(await bindingsOf('unverified')).toEqual([['unverified', 'Admin', 'unverified']]);
    await alice.workspaces('get', '/unverified').expect(403);
    await caller.workspaces('get', '/made').expect(403);
  });

  it('refuses an identity that no role can be given to', async () => {
    const caller = await ApiCaller.signedIn(app, issuer, {
      subject: 'admin@example.com',
      claims: { email: undefined },
    });
    const { body } = await caller.workspaces('post', '', { name: 'nobodys' }).expect(403);
    expect(body).toMatchObject({
      code: 'access_denied',
      detail: expect.stringMatching(/^Forbidden: no role can be given/),
    });
    await admin.workspaces('get', '/nobodys').expect(404);
  });

  it('answers 409 to a name that is taken, also by a workspace the caller cannot see', async () => {
    const { body } = await bob.workspaces('post', '', { name: 'made' }).expect(409);
    expect(body).toEqual({
      statusCode: 409,
      error: 'Conflict',
      code: 'conflict',
      detail: "Workspace 'made' already exists",
    });
  });

  it('lets exactly one of many parallel requests for a name succeed', async () => {
    const answers = await Promise.all(
      Array.from({ length: 12 }, () => alice.workspaces('post', '', { name: 'raced' })),
    );
    expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([
      201,
      ...Array.from({ length: 11 }, () => 409),
    ]);
    expect(await bindingsOf('raced')).toHaveLength(1);
  });

  it.each<[string, object | string, string | RegExp]>([
    ['no name', {}, /^name must be 1 to 63 lower-case letters/],
    ['a name with capitals', { name: 'Team' }, /^name must be/],
    ['a name of 64 letters', { name: 'a'.repeat(64) }, /^name must be/],
    ['a name of 300 letters', { name: 'a'.repeat(300) }, /^name must be/],
    ['a name that begins with a hyphen', { name: '-a' }, /^name must be/],
    ['a name that ends with a hyphen', { name: 'a-' }, /^name must be/],
    ['a name with a line break', { name: 'a\n' }, /^name must be/],
    ['a name with a look-alike letter', { name: 't\u0435am' }, /^name must be/],
    ['a name that is a number', { name: 1 }, /^name must be/],
    ['a name that is a list', { name: ['a'] }, /^name must be/],
    ['SQL for a name', { name: "x'; drop table workspaces; --" }, /^name must be/],
    ['a description that is a number', { name: 'ok', description: 1 }, /^description must be a text/],
    ['a description of 1001 letters', { name: 'ok', description: 'a'.repeat(1001) }, /^description must be a text/],
    ['a description with NUL', { name: 'ok', description: 'a\0' }, /^description must be a text/],
    ['a member nobody knows', { name: 'ok', owner: 'x' }, 'owner is not a known member'],
    ['several mistakes', { name: 'X', description: 1, owner: 1 }, /owner is not.*; name must.*; description must/],
    ['a list', [{ name: 'ok' }], /./],
  ])('answers 400 to %s', async (_, body, detail) => {
    const answer = await alice.workspaces('post', '', body).expect(400);
    expect(answer.body).toEqual({
      statusCode: 400,
      error: 'Bad Request',
      code: 'invalid_input',
      detail: typeof detail === 'string' ? detail : expect.stringMatching(detail),
    });
    await admin.workspaces('get', '/ok').expect(404);
  });

  it.each(['a', '0', 'a'.repeat(63), 'a--b', '2024-team'])('takes the name %s', async (name) => {
    await alice.workspaces('post', '', { name }).expect(201);
  });

  it('keeps a description as it was written, SQL included', async () => {
    const description = `'; delete from role_bindings; -- "quoted" \\ ünïcode \u{1F511}\n\ttab`;
    await alice.workspaces('post', '', { name: 'quoted', description }).expect(201);
    expect((await alice.workspaces('get', '/quoted')).body.description).toBe(description);
  });
});

describe('seeing a workspace', () => {
  it('shows everybody the workspaces that are there from the start', async () => {
    const { body } = await bob.workspaces('get', '?sort=name').expect(200);
    expect(body.data.map(({ name }: { name: string }) => name)).toEqual(['default', 'system']);
    await bob.workspaces('get', '/default').expect(200);
  });

  it('shows members theirs and the PlatformAdmin all', async () => {
    await alice.workspaces('get', '/made').expect(200);
    await admin.workspaces('get', '/made').expect(200);
    expect(await namesSeenBy(alice, '?filter[name]=made')).toEqual(['made']);
    expect(await namesSeenBy(admin, '?filter[name]=made')).toEqual(['made']);
    expect(await namesSeenBy(bob, '?filter[name]=made')).toEqual([]);
  });

  it('answers a stranger alike for a workspace that exists and one that does not', async () => {
    for (const [method, body] of [['get'], ['put', {}], ['delete']] as [Method, object?][]) {
      const hidden = await bob.workspaces(method, '/made', body).expect(403);
      const missing = await bob.workspaces(method, '/missing', body).expect(403);
      expect(hidden.body).toEqual({ statusCode: 403, error: 'Forbidden', code: 'access_denied', detail: 'Forbidden' });
      expect(missing.body).toEqual(hidden.body);
    }
  });

  it('answers 404 to those who see all', async () => {
    for (const [method, body] of [['get'], ['put', {}], ['delete']] as [Method, object?][]) {
      const { body: answer } = await admin.workspaces(method, '/missing', body).expect(404);
      expect(answer).toMatchObject({ code: 'not_found', detail: "Workspace 'missing' not found" });
    }
  });

  it.each(['A', 'a'.repeat(300), '%00', '%27%20or%201=1--', '..%2F..', '%F0%9F%94%91'])(
    'treats the impossible name %s as one that does not exist',
    async (name) => {
      await bob.workspaces('get', `/${name}`).expect(403);
      await admin.workspaces('get', `/${name}`).expect(404);
    },
  );

  it('matches bindings by group, and only as a group', async () => {
    await alice.workspaces('post', '', { name: 'grouped' }).expect(201);
    await bind('group:team-x', 'grouped', 'Viewer');
    const member = await ApiCaller.signedIn(app, issuer, { subject: 'm', email: 'm@example.com', groups: ['team-x'] });
    const impostor = await ApiCaller.signedIn(app, issuer, { subject: 'team-x', email: 'i@example.com' });
    await member.workspaces('get', '/grouped').expect(200);
    await impostor.workspaces('get', '/grouped').expect(403);
    expect(await namesSeenBy(member, '?sort=name')).toEqual(['default', 'grouped', 'system']);
  });

  it('does not take an id for an e-mail address', async () => {
    const impostor = await ApiCaller.signedIn(app, issuer, { subject: 'admin@example.com', email: 'x@example.com' });
    await impostor.workspaces('get', '/made').expect(403);
  });

  it('does not honour a binding that was revoked', async () => {
    await alice.workspaces('post', '', { name: 'revoked' }).expect(201);
    await bind('bob@example.com', 'revoked', 'Viewer', new Date());
    await bob.workspaces('get', '/revoked').expect(403);
    expect(await namesSeenBy(bob, '?filter[name]=revoked')).toEqual([]);
  });

  it('does not show a workspace where the only role gives no sight of it', async () => {
    await bind('bob@example.com', 'revoked', 'WorkspaceCreator');
    await bob.workspaces('get', '/revoked').expect(403);
    expect(await namesSeenBy(bob, '?filter[name]=revoked')).toEqual([]);
  });
});

describe('listing', () => {
  beforeAll(async () => {
    for (const name of ['page-c', 'page-a', 'page-b']) {
      await bob.workspaces('post', '', { name, description: 'paged' }).expect(201);
    }
  });

  it('answers a page with its place in the list', async () => {
    const { body } = await bob.workspaces('get', '?page=2&page_size=2&sort=name&filter[description]=paged').expect(200);
    expect(body).toEqual({
      data: [expect.objectContaining({ name: 'page-c' })],
      pagination: { page: 2, page_size: 2, current_page_size: 1, total_pages: 2, total_results: 3 },
      sort: 'name',
      filter: { description: 'paged' },
    });
  });

  it('has the newest first unless told otherwise', async () => {
    const { body } = await bob.workspaces('get', '?filter[description]=paged').expect(200);
    expect(body).toMatchObject({ sort: '-created_at', pagination: { page: 1, page_size: 100 } });
    expect(body.data.map(({ name }: { name: string }) => name)).toEqual(['page-b', 'page-a', 'page-c']);
    expect(await namesSeenBy(bob, '?filter[description]=paged&sort=created_at')).toEqual([
      'page-c',
      'page-a',
      'page-b',
    ]);
    expect(await namesSeenBy(bob, '?filter[description]=paged&sort=-name')).toEqual(['page-c', 'page-b', 'page-a']);
  });

  it('answers an empty page behind the end', async () => {
    const { body } = await bob.workspaces('get', '?page=1000000&page_size=1000').expect(200);
    expect(body).toMatchObject({ data: [], pagination: { page: 1_000_000, current_page_size: 0, total_pages: 1 } });
  });

  it.each([
    'page=0',
    'page_size=1001',
    'sort=id',
    'sort=name%3Bdrop',
    'filter[id]=x',
    'page=1&page=2',
    'filter[name]=%00',
  ])('answers 400 to ?%s', async (query) => {
    const { body } = await bob.workspaces('get', `?${query}`).expect(400);
    expect(body).toMatchObject({ code: 'invalid_input', detail: expect.any(String) });
  });

  it('takes SQL in a filter for text', async () => {
    expect(await namesSeenBy(bob, `?filter[name]=${encodeURIComponent("' or '1'='1")}`)).toEqual([]);
  });
});

describe('changing and deleting', () => {
  beforeAll(async () => {
    await alice.workspaces('post', '', { name: 'roles', description: 'before' }).expect(201);
    await bind('viewer@example.com', 'roles', 'Viewer');
    await bind('editor@example.com', 'roles', 'Editor');
  });

  it('lets Editors change the description and says who did', async () => {
    const editor = await ApiCaller.signedIn(app, issuer, { subject: 'editor', email: 'editor@example.com' });
    const { body } = await editor.workspaces('put', '/roles', { description: 'after' }).expect(200);
    expect(body).toMatchObject({ name: 'roles', description: 'after', created_by: 'alice', updated_by: 'editor' });
    expect(Date.parse(body.updated_at)).toBeGreaterThanOrEqual(Date.parse(body.created_at));
    const cleared = await editor.workspaces('put', '/roles', { description: null }).expect(200);
    expect(cleared.body.description).toBeNull();
  });

  it('refuses Viewers the change and Editors the deletion, and says what is missing', async () => {
    const viewer = await ApiCaller.signedIn(app, issuer, { subject: 'viewer', email: 'viewer@example.com' });
    const editor = await ApiCaller.signedIn(app, issuer, { subject: 'editor', email: 'editor@example.com' });
    const change = await viewer.workspaces('put', '/roles', { description: 'x' }).expect(403);
    expect(change.body.detail).toBe("Forbidden: this needs the role Editor or Admin in workspace 'roles'");
    const deletion = await editor.workspaces('delete', '/roles').expect(403);
    expect(deletion.body.detail).toBe("Forbidden: this needs the role Admin in workspace 'roles'");
    await alice.workspaces('get', '/roles').expect(200);
  });

  it('refuses a change of anything but the description', async () => {
    await alice.workspaces('put', '/roles', { name: 'other' }).expect(400);
    await alice.workspaces('put', '/roles', { description: 5 }).expect(400);
  });

  it('lets the Admin delete it, and leaves no binding behind for a later one of that name', async () => {
    const { body } = await alice.workspaces('delete', '/roles').expect(200);
    expect(body).toEqual({ id: expect.stringMatching(/^[\da-f-]{36}$/), message: 'Workspace marked for deletion' });
    await alice.workspaces('get', '/roles').expect(403);
    expect(await bindingsOf('roles')).toEqual([]);
    await bob.workspaces('post', '', { name: 'roles' }).expect(201);
    await alice.workspaces('get', '/roles').expect(403);
  });

  it.each(['default', 'system'])('never deletes the workspace %s', async (name) => {
    await bob.workspaces('delete', `/${name}`).expect(403);
    const { body } = await admin.workspaces('delete', `/${name}`).expect(409);
    expect(body.detail).toBe(`Workspace '${name}' belongs to the platform and cannot be deleted`);
    await bob.workspaces('get', `/${name}`).expect(200);
  });

  it('gives PlatformAdmin its rights only where it is bound in system', async () => {
    await bind('bob@example.com', 'made', 'PlatformAdmin');
    await bob.workspaces('get', '/made').expect(403);
    await bob.workspaces('delete', '/system').expect(403);
  });

  it('answers one of two parallel deletions', async () => {
    await alice.workspaces('post', '', { name: 'twice' }).expect(201);
    const answers = await Promise.all([admin.workspaces('delete', '/twice'), admin.workspaces('delete', '/twice')]);
    expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, 404]);
  });
});

describe('scopes', () => {
  it.each([
    ['openid profile', 200, 201],
    ['platform:read platform:write', 200, 201],
    ['entities:read', 200, 403],
    ['platform:read', 200, 403],
    ['entities:write', 403, 201],
    ['models:read', 403, 403],
  ])('with %j reading answers %i and writing %i', async (scope, reading, writing) => {
    const caller = await ApiCaller.signedIn(app, issuer, { subject: 'scoped', email: 'scoped@example.com', scope });
    const name = `scoped-${scope.replaceAll(/[^a-z]/g, '-')}`;
    await caller.workspaces('get').expect(reading);
    const { body } = await caller.workspaces('post', '', { name }).expect(writing);
    if (writing === 403)
      expect(body).toMatchObject({ code: 'insufficient_scope', detail: expect.stringMatching(/^Forbidden/) });
  });

  it('hold for the PlatformAdmin as well', async () => {
    const caller = await ApiCaller.signedIn(app, issuer, { email: 'admin@example.com', scope: 'platform:read' });
    await caller.workspaces('delete', '/made').expect(403);
  });
});

it('answers HEAD as GET, without a body', async () => {
  expect((await bob.workspaces('head').expect(200)).text).toBeUndefined();
  await bob.workspaces('head', '/default').expect(200);
  await bob.workspaces('head', '/made').expect(403);
});

async function namesSeenBy(caller: ApiCaller, query: string): Promise<string[]> {
  const { body } = await caller.workspaces('get', query).expect(200);
  return body.data.map(({ name }: { name: string }) => name);
}

async function bindingsOf(workspace: string): Promise<string[][]> {
  const rows = await database().query.roleBindings.findMany({ where: (row, { eq }) => eq(row.workspace, workspace) });
  return rows.map(({ principal, role, grantedBy }) => [principal, role, grantedBy]);
}

async function bind(principal: string, workspace: string, role: string, revokedAt: Date | null = null): Promise<void> {
  await database()
    .insert(roleBindings)
    .values({ name: 'rb-test', principal, workspace, role, grantedBy: 'test', revokedAt });
}

function database(): Database {
  return app.get<Database>(Database);
}
