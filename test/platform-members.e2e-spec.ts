import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { TestIssuer } from '@nmp/auth/testing';
import { Database } from '../src/storage/database.js';
import { startIssuer } from './support/issuers.js';
import { ApiCaller, type Method, platformConfig, startPlatform } from './support/platform.js';

let issuer: TestIssuer;
let app: NestFastifyApplication;
let alice: ApiCaller;
let bob: ApiCaller;
let admin: ApiCaller;

const forbidden = { statusCode: 403, error: 'Forbidden', code: 'access_denied', detail: 'Forbidden' };

beforeAll(async () => {
  issuer = await startIssuer();
  app = await startPlatform(platformConfig(issuer.issuer));
  alice = await person('alice');
  bob = await person('bob');
  admin = await person('admin');
});

afterAll(async () => {
  await app?.close();
  await issuer?.close();
});

describe('adding members', () => {
  beforeAll(() => alice.workspaces('post', '', { name: 'adding' }).expect(201));

  it('answers 201 with the roles there are afterwards, sorted, and lets the member in at once', async () => {
    const carol = await person('carol');
    await carol.workspaces('get', '/adding').expect(403);
    const added = await add(alice, 'adding', { principal: 'Carol@example.com', roles: ['Viewer', 'Viewer'] }).expect(
      201,
    );
    expect(added.body).toEqual({
      principal: 'carol@example.com',
      roles: ['Viewer'],
      granted_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      granted_by: 'alice',
    });
    await carol.workspaces('get', '/adding').expect(200);
    const again = await add(alice, 'adding', { principal: 'carol@example.com' }).expect(201);
    expect(again.body).toEqual({ ...added.body, roles: ['Editor', 'Viewer'] });
    expect(await membersOf(alice, 'adding')).toEqual([
      ['alice@example.com', ['Admin']],
      ['carol@example.com', ['Editor', 'Viewer']],
    ]);
  });

  it('is the same however often it is repeated, in parallel too', async () => {
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => add(alice, 'adding', { principal: 'dan@example.com', roles: ['Viewer'] })),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect(await bindingsOf('adding', 'dan@example.com')).toEqual([['Viewer', false]]);
  });

  it('gives a group its roles, and hints at one behind a bare word', async () => {
    await add(alice, 'adding', { principal: 'group:team-x', roles: ['Viewer'] }).expect(201);
    const { body } = await add(alice, 'adding', { principal: 'team-y', roles: ['Viewer'] }).expect(201);
    expect(body).toMatchObject({ principal: 'team-y', hint: expect.stringContaining('group:team-y') });
    const inGroup = await person('ed', ['team-x', 'team-y']);
    await inGroup.workspaces('get', '/adding').expect(200);
    await alice.workspaces('delete', '/adding/members/group:team-x').expect(200);
    await inGroup.workspaces('get', '/adding').expect(403);
  });

  it('gives again what was taken away', async () => {
    await add(alice, 'adding', { principal: 'fay@example.com' }).expect(201);
    await alice.workspaces('delete', '/adding/members/fay@example.com').expect(200);
    await add(alice, 'adding', { principal: 'fay@example.com' }).expect(201);
    await (await person('fay')).workspaces('get', '/adding').expect(200);
    expect(await bindingsOf('adding', 'fay@example.com')).toEqual([
      ['Editor', true],
      ['Editor', false],
    ]);
  });

  it('accepts wait_role_propagation', async () => {
    await alice
      .workspaces('post', '/adding/members?wait_role_propagation=true', { principal: 'gil@example.com' })
      .expect(201);
    await alice
      .workspaces('post', '/adding/members?wait_role_propagation=maybe', { principal: 'x@example.com' })
      .expect(400);
  });

  it.each<[string, object, RegExp]>([
    ['no principal', {}, /^principal must be/],
    ['a principal that is a number', { principal: 1 }, /^principal must be/],
    ['a look-alike letter', { principal: 't\u0435am' }, /ASCII/],
    ['300 characters', { principal: 'a'.repeat(300) }, /at most 256/],
    ['a reserved prefix in capitals', { principal: 'Service:x' }, /lower case/],
    ['a control character', { principal: 'a\u0000' }, /visible/],
    ['an unknown role', { principal: 'x@example.com', roles: ['Owner'] }, /^"Owner" is not a role of members here/],
    ['a role in another spelling', { principal: 'x@example.com', roles: ['editor'] }, /did you mean Editor\?$/],
    ['a role of the platform', { principal: 'x@example.com', roles: ['PlatformAdmin'] }, /^"PlatformAdmin" is not/],
    ['a role of services', { principal: 'x@example.com', roles: ['ServiceSystem'] }, /^"ServiceSystem" is not/],
    ['a name every object has', { principal: 'x@example.com', roles: ['constructor'] }, /is not a role/],
    ['no role', { principal: 'x@example.com', roles: [] }, /^roles must be a list of one or more/],
    ['a role that is no text', { principal: 'x@example.com', roles: [1] }, /^roles must be/],
    ['another member', { principal: 'x@example.com', granted_by: 'root' }, /granted_by is not a known member/],
  ])('answers 400 to %s', async (_, body, detail) => {
    const answer = await add(alice, 'adding', body).expect(400);
    expect(answer.body).toMatchObject({ code: 'invalid_input', detail: expect.stringMatching(detail) });
    expect(await bindingsOf('adding', 'x@example.com')).toEqual([]);
  });

  it('keeps SQL for the text it is', async () => {
    const principal = "group:'; drop table role_bindings; --";
    await add(alice, 'adding', { principal, roles: ['Viewer'] }).expect(201);
    await alice.workspaces('delete', `/adding/members/${encodeURIComponent(principal)}`).expect(200);
  });
});

describe('setting and removing', () => {
  it('sets exactly the roles, also of somebody new', async () => {
    await alice.workspaces('post', '', { name: 'setting' }).expect(201);
    const first = await alice.workspaces('put', '/setting/members/bob@example.com', { roles: ['Viewer', 'Admin'] });
    expect(first.body).toMatchObject({ principal: 'bob@example.com', roles: ['Admin', 'Viewer'] });
    const second = await alice.workspaces('put', '/setting/members/Bob@example.com', { roles: ['Editor', 'Viewer'] });
    expect(second.body).toMatchObject({ roles: ['Editor', 'Viewer'], granted_at: first.body.granted_at });
    await alice.workspaces('put', '/setting/members/bob@example.com', { roles: [] }).expect(400);
    await alice.workspaces('put', '/setting/members/bob@example.com', { roles: ['Owner'] }).expect(400);
    await alice.workspaces('put', '/setting/members/a%20b', { roles: ['Viewer'] }).expect(400);
    expect(await membersOf(alice, 'setting')).toEqual([
      ['alice@example.com', ['Admin']],
      ['bob@example.com', ['Editor', 'Viewer']],
    ]);
  });

  it('removes a member, once', async () => {
    const { body } = await alice.workspaces('delete', '/setting/members/bob@example.com').expect(200);
    expect(body).toEqual({ id: 'bob@example.com', message: "Member removed from workspace 'setting'" });
    await bob.workspaces('get', '/setting').expect(403);
    const again = await alice.workspaces('delete', '/setting/members/bob@example.com').expect(404);
    expect(again.body).toMatchObject({ detail: "Member 'bob@example.com' not found in workspace 'setting'" });
  });

  it('never takes the role away from the last Admin', async () => {
    await alice.workspaces('post', '', { name: 'last' }).expect(201);
    for (const principal of ['group:admins', 'service:jobs', '*']) {
      await add(alice, 'last', { principal, roles: ['Admin'] }).expect(201);
    }
    for (const refused of [
      alice.workspaces('delete', '/last/members/alice@example.com'),
      alice.workspaces('put', '/last/members/ALICE@example.com', { roles: ['Editor'] }),
      admin.workspaces('delete', '/last/members/alice@example.com'),
    ]) {
      expect((await refused.expect(409)).body).toMatchObject({
        code: 'conflict',
        detail: expect.stringContaining('last Admin'),
      });
    }
    await add(alice, 'last', { principal: 'bob@example.com', roles: ['Admin'] }).expect(201);
    await alice.workspaces('delete', '/last/members/alice@example.com').expect(200);
  });

  it('lets one of two Admins who remove each other at once succeed', async () => {
    await alice.workspaces('post', '', { name: 'duel' }).expect(201);
    await add(alice, 'duel', { principal: 'bob@example.com', roles: ['Admin'] }).expect(201);
    const answers = await Promise.all([
      alice.workspaces('delete', '/duel/members/bob@example.com'),
      bob.workspaces('delete', '/duel/members/alice@example.com'),
    ]);
    const statuses = answers.map(({ status }) => status).sort((a, b) => a - b);
    expect(statuses).toEqual([200, 403]);
    expect(await membersOf(admin, 'duel')).toHaveLength(1);
  });
});

describe('who may', () => {
  beforeAll(async () => {
    await alice.workspaces('post', '', { name: 'guarded' }).expect(201);
    await add(alice, 'guarded', { principal: 'viewer@example.com', roles: ['Viewer'] }).expect(201);
    await add(alice, 'guarded', { principal: 'editor@example.com', roles: ['Editor'] }).expect(201);
  });

  const changes: [Method, string, object?][] = [
    ['post', '/members', { principal: 'viewer@example.com', roles: ['Admin'] }],
    ['put', '/members/viewer@example.com', { roles: ['Admin'] }],
    ['delete', '/members/alice@example.com'],
  ];

  it.each(['viewer', 'editor'])('a %s sees the members and changes none', async (name) => {
    const caller = await person(name);
    expect(await membersOf(caller, 'guarded')).toHaveLength(3);
    await caller.workspaces('head', '/guarded/members').expect(200);
    for (const [method, path, body] of changes) {
      const answer = await caller.workspaces(method, `/guarded${path}`, body).expect(403);
      expect(answer.body.detail).toBe("Forbidden: this needs the role Admin in workspace 'guarded'");
    }
    expect(await membersOf(alice, 'guarded')).toHaveLength(3);
  });

  it('a stranger is answered alike for a workspace that exists and one that does not', async () => {
    for (const [method, path, body] of [['get', '/members'], ...changes] as [Method, string, object?][]) {
      const hidden = await bob.workspaces(method, `/guarded${path}`, body).expect(403);
      const missing = await bob.workspaces(method, `/missing${path}`, body).expect(403);
      expect(hidden.body).toEqual(forbidden);
      expect(missing.body).toEqual(forbidden);
    }
  });

  it('a stranger learns nothing from a body that is wrong', async () => {
    for (const name of ['guarded', 'missing']) {
      const { body } = await bob.workspaces('post', `/${name}/members`, { principal: 'a b', roles: ['Owner'] });
      expect(body).toEqual(forbidden);
    }
  });

  it('the PlatformAdmin may everywhere, and is told what does not exist', async () => {
    await add(admin, 'guarded', { principal: 'hal@example.com' }).expect(201);
    for (const [method, path, body] of [['get', '/members'], ...changes] as [Method, string, object?][]) {
      const { body: answer } = await admin.workspaces(method, `/missing${path}`, body).expect(404);
      expect(answer).toMatchObject({ detail: "Workspace 'missing' not found" });
    }
  });

  it('the scopes of the token hold as well', async () => {
    const reader = await ApiCaller.signedIn(app, issuer, { email: 'alice@example.com', scope: 'entities:read' });
    await reader.workspaces('get', '/guarded/members').expect(200);
    const { body } = await add(reader, 'guarded', { principal: 'ivy@example.com' }).expect(403);
    expect(body.code).toBe('insufficient_scope');
  });

  it('the PlatformAdmin alone gives and takes the roles of the platform', async () => {
    await add(admin, 'system', { principal: 'alice@example.com', roles: ['Admin'] }).expect(201);
    await add(alice, 'system', { principal: 'alice@example.com', roles: ['PlatformAdmin'] }).expect(403);
    await alice.workspaces('delete', '/system/members/admin@example.com').expect(403);
    await alice.workspaces('put', '/system/members/admin@example.com', { roles: ['Viewer'] }).expect(403);
    await add(alice, 'system', { principal: 'jo@example.com', roles: ['WorkspaceCreator'] }).expect(201);
    await add(admin, 'system', { principal: 'jo@example.com', roles: ['PlatformAdmin'] }).expect(201);
    await (await person('jo')).workspaces('get', '/guarded').expect(200);
  });

  it('never takes the role away from the last PlatformAdmin', async () => {
    await admin.workspaces('delete', '/system/members/jo@example.com');
    const refused = [
      await admin.workspaces('delete', '/system/members/admin@example.com').expect(409),
      await admin.workspaces('put', '/system/members/admin@example.com', { roles: ['Viewer'] }).expect(409),
    ];
    for (const { body } of refused) expect(body.detail).toContain('last PlatformAdmin');
    await add(admin, 'system', { principal: 'jo@example.com', roles: ['PlatformAdmin'] }).expect(201);
    await admin.workspaces('delete', '/system/members/jo@example.com').expect(200);
  });
});

async function person(name: string, groups: string[] = []): Promise<ApiCaller> {
  return ApiCaller.signedIn(app, issuer, { subject: name, email: `${name}@example.com`, groups });
}

function add(caller: ApiCaller, workspace: string, body: object) {
  return caller.workspaces('post', `/${workspace}/members`, body);
}

async function membersOf(caller: ApiCaller, workspace: string): Promise<[string, string[]][]> {
  const { body } = await caller.workspaces('get', `/${workspace}/members`).expect(200);
  return body.data.map(({ principal, roles }: { principal: string; roles: string[] }) => [principal, roles]);
}

async function bindingsOf(workspace: string, principal: string): Promise<[string, boolean][]> {
  const rows = await app.get<Database>(Database).query.roleBindings.findMany({
    where: (row, { and, eq }) => and(eq(row.workspace, workspace), eq(row.principal, principal)),
    orderBy: (row, { asc }) => asc(row.grantedAt),
  });
  return rows.map(({ role, revokedAt }) => [role, revokedAt !== null]);
}
