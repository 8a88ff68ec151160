import { deepEqual, equal, ok } from 'node:assert/strict';
import { Balancer } from './balancer.mjs';
import { FaultyPlatform } from './faulty-platform.mjs';
import { inDirectory } from './in-directory.mjs';
import { Load } from './load.mjs';
import { allAreThere, headersOf, mixed, tokenOf } from './process-rows.mjs';

/** @type {Record<string, (stage: { server: { url: string }, issuer: { issuer: string }, isShort: boolean }) => Promise<import('./fault-table.mjs').Finding>>} */
export const instanceRows = {
  'one of two instances is killed, behind a proxy': (stage) => underLoad(stage, 'SIGKILL'),
  'one of two instances is stopped with SIGTERM, behind a proxy': (stage) => underLoad(stage, 'SIGTERM'),
};

async function underLoad({ server, issuer, isShort }, signal) {
  return inDirectory(async (directory) => {
    const env = { NMP_DATABASE_URL: server.url };
    const instances = [];
    let balancer;
    try {
      for (let count = 0; count < 2; count += 1) {
        instances.push(await FaultyPlatform.start({ directory, issuer: issuer.issuer, env }));
      }
      balancer = await Balancer.start(instances.map(({ port }) => port));
      const token = await tokenOf(issuer);
      const prefix = signal.toLowerCase();
      const load = new Load({ url: balancer.url, headers: headersOf(token), callers: 16, next: mixed(prefix) });
      const rounds = isShort ? 1 : 4;
      for (let round = 0; round < rounds; round += 1) {
        await load.more(300);
        await instances[0].end(signal);
        await load.more(300);
        await instances[0].start();
        await load.more(300);
      }
      await load.stop();
      return await findings({ load, balancer, caller: instances[1].as(token), signal });
    } finally {
      await balancer?.close();
      await Promise.all(instances.map((instance) => instance.end('SIGKILL')));
    }
  });
}

async function findings({ load, balancer, caller, signal }) {
  equal(load.broken.size, 0, 'the proxy itself answers everything');
  const failed = [...load.answered.values()].filter(({ status }) => status !== 200 && status !== 201);
  deepEqual(
    [...new Set(failed.map(({ status }) => status))].filter((status) => status !== 502),
    [],
  );
  ok(
    failed.every(({ method }) => method === 'POST'),
    'a request that may be repeated has failed',
  );
  if (signal === 'SIGTERM') equal(failed.length, 0, `${failed.length} writes were answered with 502`);
  await allAreThere(caller, load);
  let done = 0;
  for (const { body } of failed) {
    const answer = await caller.workspaces('GET', `/${body.name}/members`);
    if (answer.status === 403) continue; // there is none
    done += 1;
    deepEqual((await answer.json()).data[0].roles, ['Admin'], 'it is there, but not whole');
  }
  return {
    saw: `${load.answered.size - failed.length} requests answered 200 or 201, ${balancer.repeated} of them by the other instance; 502 from the proxy for ${failed.length} writes under way`,
    lasted: 'the requests under way at that moment',
    recovered: 'all of it; the instance takes its turn again when it is back',
    lost: `nothing that was answered; of the writes answered 502, ${done} were done, each whole`,
  };
}
