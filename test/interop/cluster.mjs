import { deepEqual } from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installed } from '../../scripts/process/installed-program.mjs';
import { restoreBackup } from './cluster/backup-steps.mjs';
import { Dialogue } from './cluster/dialogue.mjs';
import { faultSteps, underLoad } from './cluster/fault-steps.mjs';
import { Fleet } from './cluster/fleet.mjs';
import { sharedStateSteps } from './cluster/shared-state-steps.mjs';
import { SteadyLoad } from './cluster/steady-load.mjs';
import { findPostgres, PostgresServer } from './postgres-server.mjs';

/**
 * Three instances of the platform on one PostgreSQL behind nginx, which runs with the file of `deploy/nginx`: they agree, and
 * no request fails when instances end. Needs the built platform.
 *
 * @param {{ tally: import('../../scripts/process/tally.mjs').Tally }} given
 */
export async function clusterSuite({ tally }) {
  console.log('\nThree instances behind nginx');
  const { bin, problem } = findPostgres();
  if (problem) return tally.unavailable('PostgreSQL', problem);
  const nginx = await installed('nginx', ['-v']);
  if (nginx.problem) return tally.unavailable('nginx', nginx.problem);
  const directory = mkdtempSync(join(tmpdir(), 'nmp-cluster-'));
  const database = await tally.run('PostgreSQL starts', () => PostgresServer.start(bin));
  if (database === undefined) return undefined;
  const fleet = await Fleet.prepare({ databaseUrl: database.url, directory });
  try {
    await tryFleet({ tally, fleet, nginx, directory, bin, databaseUrl: database.url });
  } finally {
    await fleet.stop();
    await database.stop();
    rmSync(directory, { recursive: true, force: true });
  }
  return undefined;
}

async function tryFleet({ tally, fleet, nginx, directory, ...database }) {
  const started = await tally.run('all start at once', async () => {
    await fleet.start();
    return true;
  });
  if (started === undefined) return;
  const place = join(directory, 'nginx');
  mkdirSync(place);
  for (const folder of [directory, place]) chmodSync(folder, 0o755); // it gives up its rights
  const isHanding = await tally.run('nginx starts', async () => {
    await fleet.startGateway({ command: nginx.command, directory: place });
    return true;
  });
  if (isHanding === undefined) return;
  for (const [name, step] of Object.entries(sharedStateSteps)) await tally.run(name, () => step(fleet));
  const dialogue = await tally.run('what is asked under load is prepared', () => Dialogue.begin(fleet));
  if (dialogue === undefined) return;
  const rows = await tryFaults({ tally, fleet, dialogue });
  await tally.run('what was answered is known to all of them', () => dialogue.requireGiven(fleet));
  await tally.run('a backup that is restored knows it, too, and has the keys', () =>
    restoreBackup(fleet, { ...database, directory, dialogue }),
  );
  printTable(rows);
}

async function tryFaults({ tally, fleet, dialogue }) {
  const load = new SteadyLoad({ port: fleet.port, question: (worker, turn) => dialogue.question(worker, turn) });
  load.start();
  const rows = [];
  try {
    for (const [name, fault] of Object.entries(faultSteps)) {
      await tally.run(`${name}: no request fails`, async () => {
        const seen = await underLoad(fleet, load, fault);
        rows.push({ name, ...seen });
        deepEqual(seen.failures, []);
      });
    }
  } finally {
    await load.stop();
  }
  return rows;
}

function printTable(rows) {
  const columns = ['requests', 'failed', 'passed on', 'slowest', 'until it was over'];
  const width = Math.max(...rows.map(({ name }) => name.length));
  console.log(`\n  ${' '.repeat(width)}  ${columns.join('  ')}`);
  for (const { name, requests, failures, passedOn, slowestMs, seconds } of rows) {
    const cells = [requests, failures.length, passedOn, `${slowestMs} ms`, `${seconds} s`];
    const aligned = cells.map((cell, at) => String(cell).padStart(columns[at].length));
    console.log(`  ${name.padEnd(width)}  ${aligned.join('  ')}`);
  }
}
