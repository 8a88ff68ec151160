import { realpath, rmdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { systemClock } from './clock.js';
import { ConfigError } from './errors.js';
import { makeDirectory } from './make-directory.js';

// A hundred seconds: long enough for whoever holds it to finish two grants; a dead holder's lock is taken over after
// `staleMilliseconds` already.
const mostAttempts = 520;
const firstWaitMilliseconds = 10;
const longestWaitMilliseconds = 200;
const staleMilliseconds = 10_000;
// No two clocks are that far apart: this machine's was set back since.
const impossibleMilliseconds = 3_600_000;

type Release = () => Promise<void>;

/**
 * Runs one piece of work while no other process, and nobody else in this one, runs work under the same lock. The lock is
 * a directory beside the file; one that its holder left behind is recovered.
 * @param signal Ends the wait for the lock; once the work has begun it is up to the work.
 * @throws {ConfigError} when the lock cannot be had.
 */
export async function withLock<T>(target: string, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  const release = await acquirePatiently(target, signal);
  try {
    return await work();
  } finally {
    // A lock that cannot be given back is recovered by the next one who wants it; the work is done either way.
    await release().catch(() => undefined);
  }
}

async function acquirePatiently(target: string, signal: AbortSignal | undefined): Promise<Release> {
  let waitMilliseconds = firstWaitMilliseconds;
  for (let attempt = 1; ; attempt += 1) {
    signal?.throwIfAborted();
    const taken = await acquire(target).catch((error: NodeJS.ErrnoException) => error);
    if (typeof taken === 'function') return taken;
    if (taken.code !== 'ELOCKED' || attempt === mostAttempts) {
      throw new ConfigError(lockProblem(target, taken), { cause: taken });
    }
    await systemClock.sleep(waitMilliseconds, signal);
    waitMilliseconds = Math.min(waitMilliseconds * 1.2, longestWaitMilliseconds);
  }
}

async function acquire(target: string): Promise<Release> {
  await makeDirectory(dirname(target), 0o700);
  await removeLockOfTheFuture(`${target}.lock`);
  const { lock } = (await import('proper-lockfile')).default;
  return lock(target, {
    realpath: false,
    stale: staleMilliseconds,
    retries: 0,
    // Work under a lock re-reads and merges, so one that was lost to a long sleep of the machine does no harm.
    onCompromised: () => undefined,
  });
}

/** A holder that is alive dates its lock anew every few seconds; one that is dated in the future would never be old. */
async function removeLockOfTheFuture(path: string): Promise<void> {
  try {
    if ((await stat(path)).mtimeMs - Date.now() > impossibleMilliseconds) await rmdir(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException; // only file system calls are above
    if (code !== 'ENOENT') throw error;
  }
}

/** The lock of a whole file, held while it is re-read, changed and replaced. */
export function fileLockTarget(configPath: string): Promise<string> {
  return withoutLinks(configPath);
}

/** The lock of one user's tokens, held over a grant. */
export async function userLockTarget(configPath: string, userName: string): Promise<string> {
  return `${await withoutLinks(configPath)}.${encodeURIComponent(userName)}.refresh`;
}

/** Where a file really is, or will be: it has one lock, whatever it is called. */
async function withoutLinks(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException; // realpath throws nothing else
    // What else may be wrong with the path is told by whoever opens the file.
    if (code !== 'ENOENT' || dirname(path) === path) return path;
    return join(await withoutLinks(dirname(path)), basename(path));
  }
}

function lockProblem(target: string, error: NodeJS.ErrnoException): string {
  return error.code === 'ELOCKED'
    ? `Another process is using ${target}. Try again when it has finished; if none is running, remove ${target}.lock`
    : `The lock ${target}.lock cannot be made (${error.code ?? error.message}). Check that its directory can be written to`;
}
