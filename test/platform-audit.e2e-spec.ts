import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { TestIssuer } from '@nmp/auth/testing';
import { sql } from 'drizzle-orm';
import type { AuditEventResponse } from '../src/audit/audit-event.responses.js';
import { Database } from '../src/storage/database.js';
import { auditEvents } from '../src/storage/schema.js';
import { startIssuer } from './support/issuers.js';
import { ApiCaller, platformConfig, startPlatform } from './support/platform.js';

const EVENTS = '/apis/auth/v2/audit-events';
const ROLE_BINDINGS = '/apis/auth/v2/iam/role-bindings';

let issuer: TestIssuer;
let app: NestFastifyApplication;
let admin: ApiCaller;
let alice: ApiCaller;
let stranger: ApiCaller;
let jobs: ApiCaller;

beforeAll(async () => {
  issuer = await startIssuer();
  const { auth, ...config } = platformConfig(issuer.issuer);
  const serviceClients = [{ issuer: issuer.issuer, clientId: 'nmp-jobs', name: 'jobs' }];
  app = await startPlatform({ ...config, auth: { ...auth, serviceClients } });
  admin = await signedIn('admin');
  alice = await signedIn('alice');
  stranger = await signedIn('stranger');
  jobs = await ApiCaller.signedIn(app, issuer, {
    subject: 'nmp-jobs',
    claims: { azp: 'nmp-jobs', client_id: 'nmp-jobs' },
  });
});

afterAll(async () => {
  await app?.close();
  await issuer?.close();
});

describe('changes of access', () => {
  it('are written down, each once: who, what, where and in which request', async () => {
    const { headers } = await alice.workspaces('post', '', { name: 'audited' }).expect(201);
    await alice.workspaces('post', '/audited/members', { principal: 'bob@example.com' }).expect(201);
    await alice.workspaces('put', '/audited/members/bob@example.com', { roles: ['Viewer'] }).expect(200);
    await alice.workspaces('put', '/audited/members/bob@example.com', { roles: ['Viewer'] }).expect(200);
    await alice.workspaces('post', '/audited/members', { principal: 'bob@example.com', roles: ['Viewer'] }).expect(201);
    await alice.workspaces('delete', '/audited/members/bob@example.com').expect(200);
    await alice.workspaces('post', '/audited/projects', { name: 'p1' }).expect(201);
    await alice.workspaces('delete', '/audited/projects/p1').expect(200);
    const binding = { principal: 'carol@example.com', workspace: 'audited', role: 'Viewer' };
    const { body: made } = await jobs.request('post', ROLE_BINDINGS, binding).expect(200);
    await admin.request('delete', `${ROLE_BINDINGS}/${made.name}`).expect(200);
    await alice.workspaces('delete', '/audited').expect(200);

    const byAlice = { actor: 'alice', actor_email: 'alice@example.com', actor_kind: 'user' };
    const bob = 'bob@example.com';
    const carol = { target: 'carol@example.com', details: { role: 'Viewer', role_binding: made.name } };
    expect(await events('filter[workspace]=audited&filter[decision]=allowed&sort=at')).toMatchObject([
      { ...byAlice, action: 'workspace.created', actor_issuer: issuer.issuer, request_id: headers['x-request-id'] },
      { ...byAlice, action: 'member.added', target: 'alice@example.com', details: roles([], ['Admin']) },
      { ...byAlice, action: 'member.added', target: bob, details: roles([], ['Editor']) },
      { ...byAlice, action: 'member.changed', target: bob, details: roles(['Editor'], ['Viewer']) },
      { ...byAlice, action: 'member.removed', target: bob, details: roles(['Viewer'], []) },
      { ...byAlice, action: 'project.created', target: 'p1', details: {} },
      { ...byAlice, action: 'project.deleted', target: 'p1', reason: null, via: null, count: 1 },
      { actor: 'service:jobs', actor_kind: 'service', action: 'role_binding.created', ...carol },
      { actor: 'admin', action: 'role_binding.revoked', ...carol },
      { ...byAlice, action: 'workspace.deleted', target: null, details: { ended_role_bindings: 1 } },
    ]);
  });

  it('include what the platform itself gives at the start', async () => {
    expect(await events('filter[actor]=system&filter[target]=admin@example.com')).toMatchObject([
      { action: 'role_binding.created', workspace: 'system', details: { role: 'PlatformAdmin' }, actor_kind: null },
    ]);
  });

  it('leave no event when they fail, be it at the very end', async () => {
    await alice.workspaces('post', '', { name: 'half' }).expect(201);
    const before = await events('filter[workspace]=half&filter[decision]=allowed');
    await alice.workspaces('post', '', { name: 'half' }).expect(409);
    await alice.workspaces('delete', '/half/members/alice@example.com').expect(409);
    await alice.workspaces('delete', '/half/members/bob@example.com').expect(404);
    await alice.workspaces('delete', '/half/projects/none').expect(404);
    await whileCommitsFail(async () => {
      await alice.workspaces('post', '/half/members', { principal: 'bob@example.com' }).expect(500);
    });
    expect(await events('filter[workspace]=half&filter[decision]=allowed')).toEqual(before);
    expect(await membersOf('half')).toEqual(['alice@example.com']);
  });

  it('do not happen when they cannot be written down', async () => {
    await alice.workspaces('post', '', { name: 'unwritten' }).expect(201);
    await alice.workspaces('post', '/unwritten/projects', { name: 'kept' }).expect(201);
    const binding = { principal: 'carol@example.com', workspace: 'unwritten', role: 'Viewer' };
    const { body: made } = await admin.request('post', ROLE_BINDINGS, binding).expect(200);
    await withoutTable(async () => {
      await alice.workspaces('post', '', { name: 'unwritten-2' }).expect(500);
      await alice.workspaces('post', '/unwritten/members', { principal: 'bob@example.com' }).expect(500);
      await alice.workspaces('put', '/unwritten/members/bob@example.com', { roles: ['Viewer'] }).expect(500);
      await alice.workspaces('delete', '/unwritten/members/carol@example.com').expect(500);
      await alice.workspaces('post', '/unwritten/projects', { name: 'p1' }).expect(500);
      await alice.workspaces('delete', '/unwritten/projects/kept').expect(500);
      await admin.request('post', ROLE_BINDINGS, { ...binding, role: 'Editor' }).expect(500);
      await admin.request('delete', `${ROLE_BINDINGS}/${made.name}`).expect(500);
    });
    expect(await membersOf('unwritten')).toEqual(['alice@example.com', 'carol@example.com']);
    await admin.workspaces('get', '/unwritten-2').expect(404);
    const { body: projects } = await alice.workspaces('get', '/unwritten/projects').expect(200);
    expect(projects.data).toMatchObject([{ name: 'kept' }]);
  });
});

describe('refusals', () => {
  it('are written down with who wanted what, and why not', async () => {
    await alice.workspaces('post', '', { name: 'closed' }).expect(201);
    const { headers } = await stranger.workspaces('delete', '/closed?token=secret').expect(403);
    const readOnly = await signedIn('alice', 'openid platform:read');
    await readOnly.workspaces('delete', '/closed').expect(403);
    await alice.workspaces('delete', '/closed/members/alice@example.com').expect(409);

    const where = { workspace: 'closed', action: 'request.refused', decision: 'refused', count: 1 };
    expect(await eventually(3, 'filter[workspace]=closed&filter[decision]=refused&sort=at')).toMatchObject([
      {
        ...where,
        actor: 'stranger',
        actor_email: 'stranger@example.com',
        reason: 'access_denied',
        target: '/apis/entities/v2/workspaces/closed',
        request_id: headers['x-request-id'],
        details: { method: 'DELETE', route: '/apis/entities/v2/workspaces/:name', address: '127.0.0.1' },
      },
      { ...where, actor: 'alice', reason: 'insufficient_scope' },
      {
        ...where,
        actor: 'alice',
        reason: 'last_admin',
        target: '/apis/entities/v2/workspaces/closed/members/alice@example.com',
      },
    ]);
  });

  it('of those who do not exist for us are counted, not listed', async () => {
    const nobody = ApiCaller.anonymous(app);
    for (let at = 0; at < 5; at += 1) await nobody.workspaces('get', `/secret-${at}`).expect(401);
    const expired = await ApiCaller.signedIn(app, issuer, { subject: 'late', expiresInSeconds: -600 });
    await expired.request('get', '/apis/auth/v2/whoami').expect(401);
    await expired.request('get', '/apis/auth/authenticate').expect(401);

    const counted = async () => (await events('filter[actor]=&filter[action]=request.refused')).length;
    expect(await counted()).toBe(0);
    const found = await eventuallyOf(async () => {
      const all = await events('filter[action]=request.refused&sort=at');
      const missing = all.filter(({ reason }) => reason === 'missing_token');
      const late = all.filter(({ reason }) => reason === 'token_expired');
      return sum(missing) >= 5 && sum(late) >= 2 ? [...missing, ...late] : undefined;
    });
    // Two rows, or one more for each when a minute ended in between.
    expect(found.length).toBeLessThanOrEqual(4);
    expect(found[0]).toMatchObject({
      actor: null,
      actor_kind: 'anonymous',
      target: '/apis/entities/v2/workspaces/:name',
    });
    expect(found.at(-1)).toMatchObject({ reason: 'token_expired', details: { address: '127.0.0.1' } });
  });

  it('wait while the database is away, and nobody waits with them', async () => {
    await alice.workspaces('post', '', { name: 'away' }).expect(201);
    await withoutTable(async () => {
      await stranger.workspaces('get', '/away').expect(403);
      await stranger.workspaces('delete', '/away').expect(403);
    });
    expect(await eventually(2, 'filter[workspace]=away&filter[actor]=stranger')).toHaveLength(2);
  });
});

describe('the list of events', () => {
  it.each([
    ['nobody', 401, () => ApiCaller.anonymous(app)],
    ['a stranger', 403, () => stranger],
    ['the Admin of a workspace', 403, () => alice],
    ['the PlatformAdmin without the scope', 403, () => signedIn('admin', 'openid platform:write')],
    ['the PlatformAdmin', 200, () => admin],
    ['a service', 200, () => jobs],
  ])('is answered to %s with %i', async (_who, status, caller) => {
    await alice.workspaces('post', '', { name: 'alices-own' });
    const { body } = await (await caller()).request('get', `${EVENTS}?filter[workspace]=alices-own`).expect(status);
    expect('data' in body).toBe(status === 200);
    await (await caller()).request('head', EVENTS).expect(status);
  });

  it('is not read by the Admin of the workspace system', async () => {
    const binding = { principal: 'alice@example.com', workspace: 'system', role: 'Admin' };
    const { body } = await admin.request('post', ROLE_BINDINGS, binding).expect(200);
    await alice.request('get', EVENTS).expect(403);
    await admin.request('delete', `${ROLE_BINDINGS}/${body.name}`).expect(200);
  });

  it('can be filtered by everything that is asked for', async () => {
    await alice.workspaces('post', '', { name: 'filtered' }).expect(201);
    await alice.workspaces('post', '/filtered/members', { principal: 'dora@example.com' }).expect(201);
    const [added] = await events('filter[target]=dora@example.com');
    const at = Date.parse(added!.at);
    const all = 'filter[workspace]=filtered&filter[action]=member.added&filter[target]=dora@example.com';
    const times = (since: number, until: number) =>
      `filter[since]=${new Date(since).toISOString()}&filter[until]=${new Date(until).toISOString()}`;
    expect(await events(`${all}&filter[actor]=alice&filter[decision]=allowed&${times(at, at + 1)}`)).toEqual([added]);
    expect(await events(`${all}&filter[actor]=alice@example.com`)).toEqual([added]);
    for (const other of ['filter[actor]=bob', 'filter[decision]=refused', times(at + 1, at + 2), times(at - 1, at)]) {
      expect(await events(`${all}&${other}`)).toEqual([]);
    }
  });

  it.each(["' or '1'='1", "'; drop table audit_events; --", '%', '\\', '$1', '((', 'ａｌｉｃｅ'])(
    'takes %j for the text it is',
    async (text) => {
      for (const field of ['actor', 'workspace', 'target']) {
        expect(await events(`filter[${field}]=${encodeURIComponent(text)}`)).toEqual([]);
      }
      const { body } = await admin.request('get', `${EVENTS}?filter[action]=${encodeURIComponent(text)}`).expect(400);
      expect(body).toMatchObject({
        code: 'invalid_input',
        detail: expect.stringContaining('filter[action] must be one'),
      });
    },
  );

  it.each([
    'filter[action]=member.add',
    'filter[decision]=yes',
    'filter[since]=yesterday',
    'filter[until]=2030-02-31',
    'filter[since]=2030-01-01T25:00:00Z',
    'filter[reason]=x',
    'sort=actor',
    'page=0',
    'page_size=1001',
    'filter[actor]=%00',
  ])('refuses %s', async (query) => {
    await admin.request('get', `${EVENTS}?${query}`).expect(400);
  });

  it('has pages that neither repeat nor lose what happened at the same moment', async () => {
    const at = new Date('2030-01-01T00:00:00Z');
    const rows = Array.from({ length: 25 }, (_, index) => ({
      id: `01940000-0000-7000-8000-0000000000${10 + ((index * 7) % 25)}`,
      at,
      action: 'project.created',
      decision: 'allowed' as const,
      workspace: 'paged',
      target: String(index),
    }));
    await database().insert(auditEvents).values(rows);
    const pages = [1, 2, 3].map((page) => events(`filter[workspace]=paged&page_size=10&page=${page}`));
    const ids = (await Promise.all(pages)).flat().map(({ id }) => id);
    expect(ids).toEqual(
      rows
        .map(({ id }) => id)
        .sort()
        .toReversed(),
    );
    const { body } = await admin.request('get', `${EVENTS}?filter[workspace]=paged&sort=at&page_size=10`).expect(200);
    expect(body).toMatchObject({
      data: expect.arrayContaining([expect.objectContaining({ id: ids.at(-1) })]),
      pagination: { page: 1, page_size: 10, current_page_size: 10, total_pages: 3, total_results: 25 },
      sort: 'at',
      filter: { workspace: 'paged' },
    });
  });
});

it('writes down no token, wherever somebody puts one', async () => {
  const token = await issuer.accessToken({
    audience: 'nmp-platform',
    subject: 'mallory',
    email: 'mallory@example.com',
  });
  const mallory = await ApiCaller.signedIn(app, issuer, { subject: 'mallory', email: 'mallory@example.com' });
  const wrong = await issuer.accessToken({ audience: 'somebody-else', subject: 'mallory' });
  await mallory.workspaces('get', `/${token}?access_token=${token}`).expect(403);
  await mallory.workspaces('delete', `/default/members/Bearer%20${token}`).expect(403);
  await ApiCaller.anonymous(app).workspaces('get', `/${token}`).expect(401);
  for (const authorization of [`Bearer ${wrong}`, `Bearer ${token.slice(0, -4)}AAAA`, `Basic ${token}`]) {
    const request = ApiCaller.anonymous(app).request('get', EVENTS).set('Authorization', authorization);
    await request.set('X-Request-Id', 'traced-1').set('Cookie', `session=${token}`);
  }
  await eventually(2, 'filter[actor]=mallory');
  await eventuallyOf(async () => {
    const all = await events('filter[action]=request.refused');
    return all.some(({ reason }) => reason === 'token_audience') ? all : undefined;
  });

  const stored = JSON.stringify(await database().select().from(auditEvents));
  expect(stored).toContain('mallory@example.com');
  for (const part of [token, wrong].flatMap((text) => text.split('.'))) expect(stored).not.toContain(part);
  expect(stored).not.toContain('session=');
});

async function events(query: string): Promise<AuditEventResponse[]> {
  const { body } = await admin
    .request('get', `${EVENTS}?page_size=1000&${query}`.replace(/page_size=1000&(.*page_size)/, '$1'))
    .expect(200);
  return body.data;
}

/** Refusals are written a little later. */
async function eventually(number: number, query: string): Promise<AuditEventResponse[]> {
  return eventuallyOf(async () => {
    const found = await events(query);
    return found.length >= number ? found : undefined;
  });
}

async function eventuallyOf<T>(find: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await find();
    if (found !== undefined) return found;
    await new Promise((resolve) => {
      setTimeout(resolve, 50);
    });
  }
}

function database(): Database {
  return app.get<Database>(Database);
}

async function withoutTable(work: () => Promise<void>): Promise<void> {
  await database().execute(sql`alter table audit_events rename to audit_events_gone`);
  try {
    await work();
  } finally {
    await database().execute(sql`alter table audit_events_gone rename to audit_events`);
  }
}

/** Everything is written, and then it is not committed. */
async function whileCommitsFail(work: () => Promise<void>): Promise<void> {
  await database().execute(sql`
    create function fail_at_commit() returns trigger language plpgsql as $$ begin raise exception 'no'; end $$`);
  await database().execute(sql`
    create constraint trigger fail_at_commit after insert on audit_events deferrable initially deferred
    for each row execute function fail_at_commit()`);
  try {
    await work();
  } finally {
    await database().execute(sql`drop trigger fail_at_commit on audit_events`);
    await database().execute(sql`drop function fail_at_commit()`);
  }
}

async function membersOf(workspace: string): Promise<string[]> {
  const { body } = await admin.workspaces('get', `/${workspace}/members`).expect(200);
  return (body.data as { principal: string }[]).map(({ principal }) => principal);
}

function roles(before: string[], after: string[]): object {
  return { roles_before: before, roles_after: after };
}

function sum(found: readonly AuditEventResponse[]): number {
  return found.reduce((total, { count }) => total + count, 0);
}

function signedIn(name: string, scope?: string): Promise<ApiCaller> {
  return ApiCaller.signedIn(app, issuer, { subject: name, email: `${name}@example.com`, ...(scope && { scope }) });
}
