import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'drizzle-orm';
import { AuditedPlatform, ROLE_BINDINGS } from './support/audited-platform.js';

let platform: AuditedPlatform;

beforeAll(async () => {
  platform = await AuditedPlatform.start();
});

afterAll(async () => platform?.close());

describe('changes of access', () => {
  it('are written down, each once: who, what, where and in which request', async () => {
    const { headers } = await platform.alice.workspaces('post', '', { name: 'audited' }).expect(201);
    await platform.alice.workspaces('post', '/audited/members', { principal: 'bob@example.com' }).expect(201);
    await platform.alice.workspaces('put', '/audited/members/bob@example.com', { roles: ['Viewer'] }).expect(200);
    await platform.alice.workspaces('put', '/audited/members/bob@example.com', { roles: ['Viewer'] }).expect(200);
    await platform.alice
      .workspaces('post', '/audited/members', { principal: 'bob@example.com', roles: ['Viewer'] })
      .expect(201);
    await platform.alice.workspaces('delete', '/audited/members/bob@example.com').expect(200);
    await platform.alice.workspaces('post', '/audited/projects', { name: 'p1' }).expect(201);
    await platform.alice.workspaces('delete', '/audited/projects/p1').expect(200);
    const binding = { principal: 'carol@example.com', workspace: 'audited', role: 'Viewer' };
    const { body: made } = await platform.jobs.request('post', ROLE_BINDINGS, binding).expect(200);
    await platform.admin.request('delete', `${ROLE_BINDINGS}/${made.name}`).expect(200);
    await platform.alice.workspaces('delete', '/audited').expect(200);

    const byAlice = { actor: 'alice', actor_email: 'alice@example.com', actor_kind: 'user' };
    const bob = 'bob@example.com';
    const carol = { target: 'carol@example.com', details: { role: 'Viewer', role_binding: made.name } };
    expect(await platform.events('filter[workspace]=audited&filter[decision]=allowed&sort=at')).toMatchObject([
      {
        ...byAlice,
        action: 'workspace.created',
        actor_issuer: platform.issuer.issuer,
        request_id: headers['x-request-id'],
      },
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
    expect(await platform.events('filter[actor]=system&filter[target]=admin@example.com')).toMatchObject([
      { action: 'role_binding.created', workspace: 'system', details: { role: 'PlatformAdmin' }, actor_kind: null },
    ]);
  });

  it('leave no event when they fail, be it at the very end', async () => {
    await platform.alice.workspaces('post', '', { name: 'half' }).expect(201);
    const before = await platform.events('filter[workspace]=half&filter[decision]=allowed');
    await platform.alice.workspaces('post', '', { name: 'half' }).expect(409);
    await platform.alice.workspaces('delete', '/half/members/alice@example.com').expect(409);
    await platform.alice.workspaces('delete', '/half/members/bob@example.com').expect(404);
    await platform.alice.workspaces('delete', '/half/projects/none').expect(404);
    await whileCommitsFail(async () => {
      await platform.alice.workspaces('post', '/half/members', { principal: 'bob@example.com' }).expect(500);
    });
    expect(await platform.events('filter[workspace]=half&filter[decision]=allowed')).toEqual(before);
    expect(await membersOf('half')).toEqual(['alice@example.com']);
  });

  it('do not happen when they cannot be written down', async () => {
    await platform.alice.workspaces('post', '', { name: 'unwritten' }).expect(201);
    await platform.alice.workspaces('post', '/unwritten/projects', { name: 'kept' }).expect(201);
    const binding = { principal: 'carol@example.com', workspace: 'unwritten', role: 'Viewer' };
    const { body: made } = await platform.admin.request('post', ROLE_BINDINGS, binding).expect(200);
    await platform.withoutTable(async () => {
      await platform.alice.workspaces('post', '', { name: 'unwritten-2' }).expect(500);
      await platform.alice.workspaces('post', '/unwritten/members', { principal: 'bob@example.com' }).expect(500);
      await platform.alice.workspaces('put', '/unwritten/members/bob@example.com', { roles: ['Viewer'] }).expect(500);
      await platform.alice.workspaces('delete', '/unwritten/members/carol@example.com').expect(500);
      await platform.alice.workspaces('post', '/unwritten/projects', { name: 'p1' }).expect(500);
      await platform.alice.workspaces('delete', '/unwritten/projects/kept').expect(500);
      await platform.admin.request('post', ROLE_BINDINGS, { ...binding, role: 'Editor' }).expect(500);
      await platform.admin.request('delete', `${ROLE_BINDINGS}/${made.name}`).expect(500);
    });
    expect(await membersOf('unwritten')).toEqual(['alice@example.com', 'carol@example.com']);
    await platform.admin.workspaces('get', '/unwritten-2').expect(404);
    const { body: projects } = await platform.alice.workspaces('get', '/unwritten/projects').expect(200);
    expect(projects.data).toMatchObject([{ name: 'kept' }]);
  });
});

/** Everything is written, and then it is not committed. */
async function whileCommitsFail(work: () => Promise<void>): Promise<void> {
  await platform.database.execute(sql`
    create function fail_at_commit() returns trigger language plpgsql as $$ begin raise exception 'no'; end $$`);
  await platform.database.execute(sql`
    create constraint trigger fail_at_commit after insert on audit_events deferrable initially deferred
    for each row execute function fail_at_commit()`);
  try {
    await work();
  } finally {
    await platform.database.execute(sql`drop trigger fail_at_commit on audit_events`);
    await platform.database.execute(sql`drop function fail_at_commit()`);
  }
}

async function membersOf(workspace: string): Promise<string[]> {
  const { body } = await platform.admin.workspaces('get', `/${workspace}/members`).expect(200);
  return (body.data as { principal: string }[]).map(({ principal }) => principal);
}

function roles(before: string[], after: string[]): object {
  return { roles_before: before, roles_after: after };
}
