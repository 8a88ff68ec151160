import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { TestIssuer } from '@nmp/auth/testing';
import { Client } from 'pg';
import supertest from 'supertest';
import { PolicyConfig } from '../../src/config/policy-config.js';
import { startIssuer } from '../support/issuers.js';
import { ApiCaller, platformConfig, startPlatform } from '../support/platform.js';
import { freshDatabase } from '../support/test-database.js';

const KEYS = '/apis/auth/v2/access-keys';

let issuer: TestIssuer;
let apps: NestFastifyApplication[] = [];
let database: Client;
let callers: ApiCaller[];

beforeAll(async () => {
  issuer = await startIssuer();
  const databaseUrl = await freshDatabase();
  if (databaseUrl === undefined) throw new Error('this suite needs a PostgreSQL server');
  const config = platformConfig(issuer.issuer, {
    databaseUrl,
    policy: Object.assign(new PolicyConfig(), { refreshIntervalSeconds: 1 }),
    accessKeys: { audience: 'keys', defaultLifeSeconds: 3_600, maxLifeSeconds: 3_600, maxPerOwner: 3 },
  });
  apps = await Promise.all([config, config, config].map((each) => startPlatform(each)));
  const alice = { subject: 'alice', email: 'alice@example.com' };
  callers = await Promise.all(apps.map((app) => ApiCaller.signedIn(app, issuer, alice)));
  database = new Client({ connectionString: databaseUrl });
  await database.connect();
});

afterEach(async () => {
  await endAll(); // one may have three
});

afterAll(async () => {
  await database?.end();
  await Promise.all(apps.map((app) => app.close()));
  await issuer?.close();
});

describe('the access keys of instances that share a database', () => {
  it('cost each instance no connection of their own to listen', async () => {
    const listeners =
      "from pg_stat_activity where datname = current_database() and application_name = 'nmp-platform-listener'";
    const { rows } = await database.query(`select count(*)::int as count ${listeners}`);
    expect(rows).toEqual([{ count: 3 }]);
  });

  it('are good everywhere when they have been told, and nowhere when they have been ended', async () => {
    for (let round = 0; round < 10; round += 1) {
      const { key, jti } = await made(round);
      expect(await answers(key)).toEqual([200, 200, 200]);
      const { body: rotated } = await callerOf(round + 1)
        .request('post', `${KEYS}/${jti}/rotate`)
        .expect(200);
      expect(await answers(key)).toEqual([401, 401, 401]);
      expect(await answers(rotated.access_key)).toEqual([200, 200, 200]);
      await callerOf(round + 2)
        .request('delete', `${KEYS}/${rotated.jti}`)
        .expect(200);
      expect(await answers(rotated.access_key)).toEqual([401, 401, 401]);
    }
  });

  it('are limited for all of them together, and have a name once', async () => {
    const make = (name: string, at: number) => callerOf(at).request('post', KEYS, { name, scopes: ['platform:read'] });
    const named = await Promise.all([0, 1, 2].map((at) => make('same', at)));
    expect(named.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 409, 409]);
    const many = await Promise.all([0, 1, 2, 3, 4, 5].map((at) => make(`key-${at}`, at)));
    expect(many.filter(({ status }) => status === 201)).toHaveLength(2);
  });

  it('end everywhere in the end, also where nobody was told', async () => {
    const { key } = await made(0);
    await until(async () => (await answers(key)).every((status) => status === 200));
    await database.query('alter table access_keys disable trigger all');
    try {
      await endAll();
    } finally {
      await database.query('alter table access_keys enable trigger all');
    }
    await until(async () => (await answers(key)).every((status) => status === 401));
  });

  it('are not revived by what anybody who may connect says', async () => {
    const { key, jti } = await made(0);
    await endAll();
    const forged = JSON.stringify({ jti, endsAtMs: 9e15 });
    for (const payload of ['garbage', forged]) {
      await database.query('select pg_notify($1, $2)', ['nmp_access_key_changes', payload]);
    }
    await made(1);
    expect(await answers(key)).toEqual([401, 401, 401]);
  });

  it('are heard of again after the connections broke', async () => {
    const { key } = await made(0);
    const listeners = "from pg_stat_activity where application_name = 'nmp-platform-listener'";
    await database.query(`select pg_terminate_backend(pid) ${listeners}`);
    await endAll();
    await until(async () => (await answers(key)).every((status) => status === 401));
    const again = await made(1);
    await until(async () => (await answers(again.key)).every((status) => status === 200));
  });
});

function callerOf(at: number): ApiCaller {
  const caller = callers[at % callers.length];
  if (caller === undefined) throw new Error('there are no instances');
  return caller;
}

async function made(at: number): Promise<{ key: string; jti: string }> {
  const { body } = await callerOf(at)
    .request('post', KEYS, { name: 'ci', scopes: ['platform:read'] })
    .expect(201);
  return { key: body.access_key, jti: body.jti };
}

async function endAll(): Promise<void> {
  await database.query('update access_keys set ends_at = now() where ends_at is null');
}

/** What each of the instances answers to who comes with the key. */
async function answers(key: string): Promise<number[]> {
  const all = apps.map((app) =>
    supertest(app.getHttpServer()).get('/apis/auth/authenticate').set('Authorization', `Bearer ${key}`),
  );
  return (await Promise.all(all)).map(({ status }) => status);
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) {
    await new Promise((resolve) => {
      setTimeout(resolve, 100);
    });
  }
}
