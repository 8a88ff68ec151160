import { deepEqual, equal, ok } from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FaultyPlatform } from './faulty-platform.mjs';
import { inDirectory } from './in-directory.mjs';
import { tokenOf } from './process-rows.mjs';
import { Writers } from './writers.mjs';

const diskSize = '192m';

/**
 * Mounts a small disk for as long as the work takes.
 *
 * @returns {Promise<string | undefined>} why there can be none
 */
export async function onSmallDisk(work) {
  return inDirectory(async (directory) => {
    const disk = join(directory, 'disk');
    mkdirSync(disk);
    const problem = mount(disk);
    if (problem !== undefined) return problem;
    try {
      await work({ directory, disk });
    } finally {
      execFileSync('umount', ['--lazy', disk]);
    }
    return undefined;
  });
}

/** @type {Record<string, (stage: { issuer: { issuer: string }, directory: string, disk: string }) => Promise<import('./fault-table.mjs').Finding>>} */
export const diskRows = { 'no room left for the embedded database': fillUp };

async function fillUp({ issuer, directory, disk }) {
  const env = { NMP_DATA_DIR: join(disk, 'data') };
  const platform = await FaultyPlatform.start({ directory, issuer: issuer.issuer, env });
  try {
    const alice = platform.as(await tokenOf(issuer));
    const description = 'x'.repeat(1_000);
    const create = (name) => alice.workspaces('POST', '', { name, description });
    const writers = new Writers(create, { prefix: 'disk' });
    await writers.more(20);
    fill(disk);
    while (failuresOf(writers) < 300 && platform.isRunning) await new Promise((resolve) => setTimeout(resolve, 20));
    await writers.stop();
    ok(platform.isRunning, 'the platform has ended');
    deepEqual([...writers.others.keys()], [503], writers.saw);
    equal((await alice.workspaces('GET')).status, 200);
    rmSync(join(disk, 'filler'));
    equal((await create('after')).status, 201);
    await writers.nothingIsLost(alice);
    return {
      saw: `${writers.saw}; reads 200`,
      lasted: 'until there is room',
      recovered: 'all of it, with the next write',
      lost: 'nothing that was answered',
    };
  } finally {
    await platform.end('SIGKILL');
  }
}

function failuresOf({ others }) {
  return [...others.values()].reduce((sum, count) => sum + count, 0);
}

/** Leaves a little, which is used up by writing. */
function fill(disk) {
  const { bavail, bsize } = statfsSync(disk);
  writeFileSync(join(disk, 'filler'), Buffer.alloc(Math.max(0, bavail * bsize - 65_536)));
}

function mount(directory) {
  if (process.platform !== 'linux' || process.getuid() !== 0) return 'a small disk is mounted by root on Linux';
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${diskSize}`, 'tmpfs', directory], { stdio: 'pipe' });
    return undefined;
  } catch (error) {
    return `no disk can be mounted: ${String(error.stderr ?? error.message).trim()}`;
  }
}
