import { dirname } from 'node:path';
import { ConfigError } from './errors.js';
import { makeDirectory } from './make-directory.js';

// Long enough for whoever holds it to finish two grants; a dead holder's lock is taken over after `staleMilliseconds` already.
const patience = { retries: 400, factor: 1.2, minTimeout: 10, maxTimeout: 250, randomize: true };
const staleMilliseconds = 10_000;

/**
 * Runs one piece of work while no other process, and nobody else in this one, runs work under the same lock. The lock is
 * a directory beside the file; one that its holder left behind is recovered.
 * @throws {ConfigError} when the lock cannot be had.
 */
export async function withLock<T>(target: string, work: () => Promise<T>): Promise<T> {
  const release = await acquire(target).catch((error: NodeJS.ErrnoException) => {
    throw new ConfigError(lockProblem(target, error), { cause: error });
  });
  try {
    return await work();
  } finally {
    // A lock that cannot be given back is recovered by the next one who wants it; the work is done either way.
    await release().catch(() => undefined);
  }
}

async function acquire(target: string): Promise<() => Promise<void>> {
  await makeDirectory(dirname(target), 0o700);
  const { lock } = (await import('proper-lockfile')).default;
  return lock(target, {
    realpath: false,
    stale: staleMilliseconds,
    retries: patience,
    // Work under a lock re-reads and merges, so one that was lost to a long sleep of the machine does no harm.
    onCompromised: () => undefined,
  });
}

/** The lock of a whole file, held while it is re-read, changed and replaced. */
export function fileLockTarget(configPath: string): string {
  return configPath;
}

/** The lock of one context's tokens, held over a grant. */
export function contextLockTarget(configPath: string, contextName: string): string {
  return `${configPath}.${encodeURIComponent(contextName)}.refresh`;
}

function lockProblem(target: string, error: NodeJS.ErrnoException): string {
  return error.code === 'ELOCKED'
    ? `Another process is using ${target}. Try again when it has finished; if none is running, remove ${target}.lock`
    : `The lock ${target}.lock cannot be made (${error.code ?? error.message}). Check that its directory can be written to`;
}
