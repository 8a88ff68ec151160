import { deepEqual, equal, ok } from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { FaultyPlatform } from './faulty-platform.mjs';
import { TcpProxy } from './tcp-proxy.mjs';
import { Writers } from './writers.mjs';

// A tenth of what it is by default.
const answerMs = 1_500;

/**
 * @typedef {object} DatabaseStage
 * @property {import('../interop/postgres-server.mjs').PostgresServer} server
 * @property {TcpProxy} network between the platform and the server
 * @property {FaultyPlatform} platform
 * @property {ReturnType<FaultyPlatform['as']>} alice
 * @property {(prefix: string) => Writers} writers
 */

/** The platform on a database server, with a network in between. */
export async function onDatabase(server, issuer, work) {
  const directory = mkdtempSync(join(tmpdir(), 'nmp-faults-'));
  const url = new URL(server.url);
  const network = await TcpProxy.start(Number(url.port));
  url.port = String(network.port);
  url.searchParams.set('query_timeout', String(answerMs));
  let platform;
  try {
    platform = await FaultyPlatform.start({ directory, issuer: issuer.issuer, env: { NMP_DATABASE_URL: url.href } });
    const life = { audience: 'nmp-platform', email: 'alice@example.com', expiresInSeconds: 7_200 };
    const alice = platform.as(await issuer.accessToken(life));
    const writers = (prefix) => new Writers((name) => alice.workspaces('POST', '', { name }), { prefix });
    await work({ server, network, platform, alice, writers });
  } finally {
    await platform?.end('SIGKILL');
    await network.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** @type {Record<string, (stage: DatabaseStage) => Promise<import('./fault-table.mjs').Finding>>} */
export const databaseRows = {
  'PostgreSQL restarts under writes': async (stage) => {
    const finding = await underWrites(stage, 'restarted', () => stage.server.restart());
    await changesGetAround(stage.alice);
    return finding;
  },
  'connections are reset in the middle of transactions, 20 times': (stage) =>
    underWrites(stage, 'reset', async (writers) => {
      for (let time = 0; time < 20; time += 1) {
        await writers.more(3);
        stage.network.reset();
      }
    }),
  'connections say nothing any more': async (stage) => {
    const finding = await underWrites(stage, 'frozen', async () => {
      stage.network.freeze();
      await sleep(answerMs * 2);
      stage.network.pass();
    });
    return {
      ...finding,
      lasted: `${finding.lasted} (a statement is waited for ${answerMs / 1000} s here, 15 s by default)`,
    };
  },
  'all connections are taken': exhausted,
  'stopped while connections say nothing': stopped,
};

/** Writers go on before, during and after; 503 is all they may see beside success. */
async function underWrites({ alice, platform, writers: start }, prefix, fault) {
  const writers = start(prefix);
  try {
    await writers.more(20);
    writers.longestGapMs = 0;
    await fault(writers);
    await writers.more(20);
  } finally {
    await writers.stop();
  }
  ok(platform.isRunning, 'the platform has ended');
  deepEqual(
    [...writers.others.keys()].filter((status) => status !== 503),
    [],
    `other answers: ${writers.saw}`,
  );
  await writers.nothingIsLost(alice);
  await untilReady(platform);
  return {
    saw: writers.saw,
    lasted: `at most ${seconds(writers.longestGapMs)} without a write`,
    recovered: 'all of it: connections, notifications, readiness',
    lost: 'nothing that was answered',
  };
}

/** Somebody locks the table that every request needs; each request holds a connection then. */
async function exhausted({ server, alice, platform }) {
  const other = new pg.Client({ connectionString: server.url });
  await other.connect();
  try {
    await other.query('begin; lock table workspaces in access exclusive mode');
    const startedAt = performance.now();
    const answers = await Promise.all(Array.from({ length: 40 }, () => alice.workspaces('GET')));
    const ms = performance.now() - startedAt;
    deepEqual([...new Set(answers.map(({ status }) => status))], [503]);
    equal(answers[0].headers.get('retry-after'), '2');
    equal((await fetch(`${platform.url}/health/live`)).status, 200);
    await other.query('rollback');
    const after = await Promise.all(Array.from({ length: 40 }, () => alice.workspaces('GET')));
    deepEqual([...new Set(after.map(({ status }) => status))], [200]);
    return {
      saw: '503 unavailable with Retry-After (40 requests at once, 10 connections); /health/live 200',
      lasted: `until connections are free; nobody waited longer than ${seconds(ms)}`,
      recovered: 'all of it, with the next request',
      lost: 'nothing',
    };
  } finally {
    await other.end();
  }
}

/** Nobody is waited for who does not answer. */
async function stopped({ network, platform, alice }) {
  equal((await alice.workspaces('GET')).status, 200);
  network.freeze();
  const startedAt = performance.now();
  await platform.end('SIGTERM');
  const ms = performance.now() - startedAt;
  network.pass();
  await platform.start();
  equal((await alice.workspaces('GET')).status, 200);
  return {
    saw: 'no new connections',
    lasted: `${seconds(ms)} until the process had ended`,
    recovered: 'all of it, when it was started again',
    lost: 'nothing',
  };
}

/** The connection that listens is there again, too. */
async function changesGetAround(alice) {
  for (let time = 0; ; time += 1) {
    const answer = await alice.workspaces('POST', '?wait_role_propagation=true', { name: `heard-${time}` });
    equal(answer.status, 201);
    if ((await answer.json()).role_propagation_confirmed) return;
  }
}

async function untilReady(platform) {
  while (!(await platform.isReady())) await sleep(100);
}

function seconds(ms) {
  return `${(ms / 1000).toFixed(1)} s`;
}
