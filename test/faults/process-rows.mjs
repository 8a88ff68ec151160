import { deepEqual, equal, ok } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { killedRefreshes } from './killed-refreshes.mjs';
import { FaultyPlatform } from './faulty-platform.mjs';
import { inDirectory } from './in-directory.mjs';
import { Load } from './load.mjs';
import { Writers } from './writers.mjs';

const workspaces = '/apis/entities/v2/workspaces';

/**
 * @typedef {object} ProcessStage
 * @property {{ issuer: string, accessToken(input: object): Promise<string> }} issuer
 * @property {boolean} isShort
 */

/** @type {Record<string, (stage: ProcessStage) => Promise<import('./fault-table.mjs').Finding>>} */
export const processRows = {
  'kill -9 in the middle of writes': killedWrites,
  'kill -9 in the middle of a refresh of nemo': killedRefreshes,
  'SIGTERM under load': terminatedUnderLoad,
};

export function tokenOf(issuer) {
  return issuer.accessToken({ audience: 'nmp-platform', email: 'alice@example.com', expiresInSeconds: 7_200 });
}

async function killedWrites({ issuer, isShort }) {
  const rounds = isShort ? 2 : 6;
  return inDirectory(async (directory) => {
    const platform = await FaultyPlatform.start({ directory, issuer: issuer.issuer });
    try {
      const alice = platform.as(await tokenOf(issuer));
      let answered = 0;
      for (let round = 0; round < rounds; round += 1) {
        const writers = new Writers((name) => alice.workspaces('POST', '', { name }), { prefix: `round-${round}` });
        await writers.more(25);
        await platform.end('SIGKILL');
        await writers.stop();
        await platform.start();
        await writers.nothingIsLost(alice);
        deepEqual([...writers.others.keys()], [0], writers.saw);
        answered += writers.answered.size;
      }
      return {
        saw: 'no answer while it was away',
        lasted: 'until it was started again',
        recovered: `its data and the lock on them, ${rounds} times`,
        lost: `nothing that was answered (${answered} writes)`,
      };
    } finally {
      await platform.end('SIGKILL');
    }
  });
}

/** Whatever was begun is answered; what broke was never begun. */
async function terminatedUnderLoad({ issuer, isShort }) {
  return inDirectory(async (directory) => {
    const platform = await FaultyPlatform.start({ directory, issuer: issuer.issuer });
    try {
      const token = await tokenOf(issuer);
      const rounds = isShort ? 1 : 3;
      let broken = 0;
      let answered = 0;
      for (let round = 0; round < rounds; round += 1) {
        const load = new Load({
          url: platform.url,
          headers: headersOf(token),
          callers: 32,
          next: mixed(`end-${round}`),
        });
        await load.more(300);
        await platform.end('SIGTERM');
        await load.stop();
        const log = readFileSync(platform.logFile, 'utf8');
        deepEqual(
          [...load.broken].filter((id) => log.includes(id)),
          [],
          'begun, and not answered',
        );
        deepEqual(load.statuses, new Set([200, 201]));
        ok(!log.includes('Cut off'), 'cut off');
        broken += load.atTheEnd;
        answered += load.answered.size;
        await platform.start();
        await allAreThere(platform.as(token), load);
      }
      return {
        saw: `200 or 201 (${answered} times); ${broken} of ${rounds * 32} connections ended under a request that had been sent`,
        lasted: 'until another instance takes the requests',
        recovered: 'what was never begun may be repeated, writes included',
        lost: 'nothing',
      };
    } finally {
      await platform.end('SIGKILL');
    }
  });
}

/** Three reads, then a write. */
export function mixed(prefix) {
  return (at, count) =>
    count % 4 === 3
      ? { method: 'POST', path: workspaces, body: { name: `${prefix}-${at}-${count}` } }
      : { method: 'GET', path: `${workspaces}?page_size=5` };
}

export function headersOf(token) {
  return { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
}

/** Every write that was answered with 201. */
export async function allAreThere(caller, load) {
  for (const { status, body } of load.answered.values()) {
    if (status === 201) equal((await caller.workspaces('GET', `/${body.name}`)).status, 200, body.name);
  }
}
