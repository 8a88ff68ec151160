import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { TestIssuer } from '@nmp/auth/testing';
import { Client } from 'pg';
import type { PlatformConfig } from '../../src/config/platform-config.js';
import { PolicyConfig } from '../../src/config/policy-config.js';
import { startIssuer } from '../support/issuers.js';
import { ApiCaller, platformConfig, startPlatform } from '../support/platform.js';
import { freshDatabase } from '../support/test-database.js';

const bob = 'bob@example.com';
let issuer: TestIssuer;
let apps: NestFastifyApplication[] = [];
let database: Client;

beforeAll(async () => {
  issuer = await startIssuer();
  const config = await configOf();
  // All at once: one of them makes the tables.
  apps = await Promise.all([config, config, config, config].map((each) => startPlatform(each)));
  database = new Client({ connectionString: config.databaseUrl });
  await database.connect();
});

afterAll(async () => {
  await database?.end();
  await Promise.all(apps.map((app) => app.close()));
  await issuer?.close();
});

describe('instances that share a database', () => {
  it('make the tables and the first bindings once', async () => {
    const migrations = await database.query('select hash from drizzle.__drizzle_migrations');
    expect(new Set(migrations.rows.map(({ hash }) => hash)).size).toBe(migrations.rowCount);
    const { rows } = await database.query('select principal, role from role_bindings order by principal, role');
    expect(rows).toEqual([
      { principal: '*', role: 'Editor' },
      { principal: '*', role: 'Viewer' },
      { principal: '*', role: 'WorkspaceCreator' },
      { principal: 'admin@example.com', role: 'PlatformAdmin' },
    ]);
  });

  it('sign with one key, whichever of them was first to need it', async () => {
    const keySets = await Promise.all(apps.map((app) => ApiCaller.anonymous(app).request('get', '/apis/auth/jwks')));
    expect(keySets[0]?.body.keys).toHaveLength(1);
    expect(new Set(keySets.map(({ text }) => text)).size).toBe(1);
  });

  it('decide by a change everywhere, once its answer says so', async () => {
    const [alice] = await callersOf('alice');
    await alice.workspaces('post', '?wait_role_propagation=true', { name: 'shared' }).expect(201);
    for (let round = 0; round < 10; round += 1) {
      const wait = '?wait_role_propagation=true';
      const { body } = await alice.workspaces('post', `/shared/members${wait}`, { principal: bob }).expect(201);
      expect(body.role_propagation_confirmed).toBe(true);
      expect(await bobsAccess('shared')).toEqual([true, true, true, true]);
      await alice.workspaces('delete', `/shared/members/${bob}${wait}`).expect(200);
      expect(await bobsAccess('shared')).toEqual([false, false, false, false]);
    }
  });

  it('hear of changes again after their connections broke, and of those in between', async () => {
    const [alice] = await callersOf('alice');
    await alice.workspaces('post', '', { name: 'broken' }).expect(201);
    const listeners = "from pg_stat_activity where application_name = 'nmp-platform-listener'";
    await database.query(`select pg_terminate_backend(pid) ${listeners}`);
    await alice.workspaces('post', '/broken/members', { principal: bob }).expect(201);
    await until(async () => (await bobsAccess('broken')).every((isAllowed) => isAllowed));
    await until(async () => {
      const { body } = await alice
        .workspaces('put', `/broken/members/${bob}?wait_role_propagation=true`, { roles: ['Viewer'] })
        .expect(200);
      return body.role_propagation_confirmed;
    });
  });

  it('make good by reading again what was never told', async () => {
    const [alice] = await callersOf('alice');
    await alice.workspaces('post', '', { name: 'silent' }).expect(201);
    await database.query('alter table role_bindings disable trigger all');
    try {
      await alice.workspaces('post', '/silent/members', { principal: bob }).expect(201);
    } finally {
      await database.query('alter table role_bindings enable trigger all');
    }
    await until(async () => (await bobsAccess('silent')).every((isAllowed) => isAllowed));
  });

  it('believe the tables, not what anybody who may connect says on the channels', async () => {
    const [alice] = await callersOf('alice');
    await alice.workspaces('post', '', { name: 'forged' }).expect(201);
    const forged = { principal: bob, workspace: 'forged', role: 'Editor', isGranted: true };
    for (const channel of ['nmp_role_changes', 'nmp_role_confirmations', 'nmp_access_key_changes', 'nmp_nothing']) {
      for (const payload of ['garbage', 'null', '', JSON.stringify(forged)]) {
        await database.query('select pg_notify($1, $2)', [channel, payload]);
      }
    }
    // Confirmed behind what was forged.
    const wait = '?wait_role_propagation=true';
    const { body } = await alice
      .workspaces('post', `/forged/members${wait}`, { principal: 'carol@example.com' })
      .expect(201);
    expect(body.role_propagation_confirmed).toBe(true);
    expect(await bobsAccess('forged')).toEqual([false, false, false, false]);
  });

  it('let one of two Admins go, when both are removed at once', async () => {
    const [alice, second] = await callersOf('alice');
    for (let round = 0; round < 5; round += 1) {
      const name = `last-${round}`;
      await alice.workspaces('post', '', { name }).expect(201);
      await alice.workspaces('post', `/${name}/members`, { principal: bob, roles: ['Admin'] }).expect(201);
      const answers = await Promise.all([
        alice.workspaces('delete', `/${name}/members/${bob}`),
        second.workspaces('put', `/${name}/members/alice@example.com`, { roles: ['Viewer'] }),
      ]);
      // Whoever comes second finds the last Admin, or is none any more.
      const statuses = answers.map(({ status }) => status).toSorted((a, b) => a - b);
      expect(['200,403', '200,409']).toContain(statuses.join());
      const { rows } = await database.query(
        "select principal from role_bindings where workspace = $1 and role = 'Admin' and revoked_at is null",
        [name],
      );
      expect(rows).toHaveLength(1);
    }
  });

  it('create a workspace once', async () => {
    const callers = await callersOf('alice');
    const answers = await Promise.all(callers.map((caller) => caller.workspaces('post', '', { name: 'once' })));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 409, 409, 409]);
  });
});

async function configOf(): Promise<PlatformConfig & { databaseUrl: string }> {
  const databaseUrl = await freshDatabase();
  if (databaseUrl === undefined) throw new Error('this suite needs a PostgreSQL server');
  const policy = Object.assign(new PolicyConfig(), { refreshIntervalSeconds: 1, bundleCacheSeconds: 0 });
  const hopTokens = { audiences: ['models'], lifeSeconds: 60 };
  return { ...platformConfig(issuer.issuer), databaseUrl, policy, hopTokens };
}

/** Somebody's calls, to each of the instances. */
async function callersOf(name: string): Promise<[ApiCaller, ApiCaller, ...ApiCaller[]]> {
  const person = { subject: name, email: `${name}@example.com` };
  const [first, second, ...others] = await Promise.all(apps.map((app) => ApiCaller.signedIn(app, issuer, person)));
  if (first === undefined || second === undefined) throw new Error('there are no instances');
  return [first, second, ...others];
}

/** Whether each of the instances, asked as a decision point, lets Bob read the workspace. */
async function bobsAccess(workspace: string): Promise<boolean[]> {
  const input = { principal_id: 'bob', principal_email: bob, workspace, permissions: ['workspaces.read'] };
  return Promise.all(
    (await callersOf('admin')).map(async (admin) => {
      const { body } = await admin.request('post', '/apis/auth/v2/authz/has_permissions', { input }).expect(200);
      return body.result.allowed;
    }),
  );
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) {
    await new Promise((resolve) => {
      setTimeout(resolve, 100);
    });
  }
}
