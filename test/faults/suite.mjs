import { findPostgres, PostgresServer } from '../interop/postgres-server.mjs';
import { databaseRows, onDatabase } from './database-rows.mjs';
import { diskRows, onSmallDisk } from './disk-rows.mjs';
import { instanceRows } from './instance-rows.mjs';
import { policyRows, withOpa } from './policy-rows.mjs';
import { processRows } from './process-rows.mjs';
import { providerRows } from './provider-rows.mjs';

/**
 * Every fault, one after the other. Needs the built platform.
 *
 * @param {{ tally: import('../../scripts/process/tally.mjs').Tally, table: import('./fault-table.mjs').FaultTable, isShort: boolean }} given
 */
export async function faultSuite({ tally, table, isShort }) {
  const { TestIssuer } = await import('@nmp/auth/testing');
  const begin = (part) => {
    console.log(`\n${part}`);
    table.begin(part);
  };
  /** @param {Record<string, (stage: object, given: object) => Promise<object>>} rows */
  const run = async (rows, stage) => {
    for (const [fault, row] of Object.entries(rows)) {
      const finding = await tally.run(fault, () => row({ isShort, ...stage }, { isShort }));
      if (finding !== undefined) table.add(fault, finding);
    }
  };

  begin('The identity provider');
  await run(providerRows, {});
  const issuer = await TestIssuer.start({ algorithm: 'ES256' });
  try {
    begin('The policy decision point');
    await stageOf(
      tally,
      'a platform with a decision point',
      (work) => withOpa(issuer, work),
      (stage) => run(policyRows, stage),
    );
    begin('Processes');
    await run(processRows, { issuer });
    begin('The disk');
    const noDisk = await onSmallDisk((stage) => run(diskRows, { issuer, ...stage }));
    if (noDisk !== undefined) unavailable(tally, diskRows, noDisk);
    const { bin, problem } = findPostgres();
    if (problem) {
      unavailable(tally, { ...databaseRows, ...instanceRows }, problem);
      return;
    }
    const server = await PostgresServer.start(bin);
    try {
      begin('The database');
      await stageOf(
        tally,
        'a platform on PostgreSQL',
        (work) => onDatabase(server, issuer, work),
        (stage) => run(databaseRows, stage),
      );
      begin('Instances');
      await run(instanceRows, { server, issuer });
    } finally {
      await server.stop();
    }
  } finally {
    await issuer.close();
  }
}

function unavailable(tally, rows, reason) {
  for (const fault of Object.keys(rows)) tally.unavailable(fault, reason);
}

/** What is set up for several rows fails them as one. */
async function stageOf(tally, name, open, work) {
  let isOpen = false;
  try {
    await open(async (stage) => {
      isOpen = true;
      await work(stage);
    });
  } catch (error) {
    await tally.run(isOpen ? `${name} ends` : `${name} starts`, () => Promise.reject(error));
  }
}
