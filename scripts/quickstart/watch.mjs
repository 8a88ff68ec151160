import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { build } from '../build.mjs';
import { packages } from '../build/packages.mjs';
import { root } from '../process/root.mjs';

const intervalMs = 300;

/**
 * Builds what changes in the sources of the packages, and restarts the platform when it is made of that. What does not
 * compile is shown, and the platform goes on as it was. Files are looked at again and again, because not every file system
 * tells of changes: one that is mounted into a container does not.
 *
 * @param {import('./stack.mjs').Stack} stack
 * @param {AbortSignal} stop
 */
export async function watch(stack, stop) {
  const state = { running: builtPlatform() };
  let seen = snapshot();
  console.error('Watching src and libs');
  while (await pause(stop)) {
    const startedAt = performance.now();
    const now = await settled(stop);
    if (now === seen) continue;
    seen = now;
    await refresh(stack, state, startedAt).catch((error) => {
      if (!stop.aborted) console.error(`error: ${error.message}\nWaiting for the next change`);
    });
  }
}

async function refresh(stack, state, startedAt) {
  const rebuilt = [];
  // What was built before another package failed is no less new.
  const failure = await build({ log: () => {}, onBuilt: (name) => rebuilt.push(name) }).catch((error) => error);
  const platform = builtPlatform();
  const outcomes = rebuilt.length > 0 ? [`rebuilt ${rebuilt.join(', ')}`] : [];
  if (platform !== state.running) {
    state.running = platform;
    await stack.restartPlatform();
    outcomes.push('restarted the platform');
  }
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  if (outcomes.length > 0) console.error(`${outcomes.join(', ')} in ${seconds} s`);
  if (failure) throw failure;
}

/** What the platform's `dist` was built from. */
function builtPlatform() {
  return readFileSync(join(root, 'dist', '.build-hash'), 'utf8');
}

/** @returns {Promise<boolean>} false when the program should end */
async function pause(stop) {
  await sleep(intervalMs, undefined, { signal: stop }).catch(() => {});
  return !stop.aborted;
}

/** The state of the sources, once nothing is being written any more. */
async function settled(stop) {
  let last = snapshot();
  for (;;) {
    if (!(await pause(stop))) return last;
    const now = snapshot();
    if (now === last) return now;
    last = now;
  }
}

function snapshot() {
  return packages.flatMap(({ directory }) => statesBelow(join(root, directory, 'src'))).join('\n');
}

function statesBelow(directory) {
  if (!existsSync(directory)) return [];
  return readdirSync(directory, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.spec.ts'))
    .map((entry) => {
      const file = join(entry.parentPath, entry.name);
      const { mtimeMs, size } = statSync(file, { throwIfNoEntry: false }) ?? {};
      return `${file} ${mtimeMs} ${size}`;
    });
}
