import { linkSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { StartUpError } from '../start-up-error.js';
import { makeDirectory } from './make-directory.js';
import { ownProcessIdentity, processState, type ProcessIdentity } from './process-identity.js';

/** A held lock. `release` may be called more than once. */
export interface DataDirectoryLock {
  /** Whether the lock file is still the one that was made: not when the directory was removed or replaced. */
  isInPlace(): boolean;
  release(): void;
}

interface LockRecord extends ProcessIdentity {
  readonly released: boolean;
}

const FILE_NAME = /^platform\.lock\.(\d+)$/;
const HEARTBEAT_MS = 5_000;
const HEARTBEAT_LOST_MS = 30_000;

/**
 * Takes the data directory for this process alone, or says who has it.
 *
 * The embedded database lets a second process open the same files and then loses writes, so one process at a time may
 * have them. Lock files are numbered and the highest number counts. A number is taken with a hard link, which only one
 * process can make, and is never used twice: the record of a holder that let go stays until the next number exists. So
 * two processes that find the same dead holder cannot both succeed it.
 *
 * A holder in another container or on another machine cannot be looked up; it counts as gone when it has not touched
 * its file for 30 seconds.
 *
 * @throws {StartUpError} when another process holds the directory, or it cannot be written.
 */
export function acquireDataDirectoryLock(directory: string, now: () => number = Date.now): DataDirectoryLock {
  try {
    makeDirectory(directory, 0o700);
    return acquire(directory, now);
  } catch (error) {
    if (error instanceof StartUpError) throw error;
    throw new StartUpError(`the data directory ${directory} cannot be written: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

function acquire(directory: string, now: () => number): DataDirectoryLock {
  const identity = ownProcessIdentity();
  for (;;) {
    const latest = lockNumbers(directory).at(-1) ?? 0;
    if (latest > 0 && !isFree(directory, latest, now)) continue;
    const own = latest + 1;
    if (!takeNumber(directory, own, identity)) continue;
    const numbers = lockNumbers(directory);
    if (numbers.at(-1) !== own) {
      // The number had been used and cleared away while this process was looking: a higher one is in force.
      rmSync(lockPath(directory, own), { force: true });
      continue;
    }
    for (const number of numbers.slice(0, -1)) rmSync(lockPath(directory, number), { force: true });
    return holdLock(directory, own, identity);
  }
}

/** @throws {StartUpError} when the holder lives; false when the file went away meanwhile and one has to look again. */
function isFree(directory: string, number: number, now: () => number): boolean {
  const path = lockPath(directory, number);
  const record = readRecord(path);
  if (record === undefined) return false;
  if (record.released) return true;
  const state = processState(record);
  if (state === 'ended') return true;
  const where = state === 'unknown' ? ' on another machine or in another container' : '';
  if (state === 'unknown') {
    const silentMs = now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0);
    if (silentMs > HEARTBEAT_LOST_MS) return true;
  }
  throw new StartUpError(
    `the data directory ${directory} is in use by process ${record.pid}${where}: stop it, or set another data_dir (NMP_DATA_DIR)`,
  );
}

/** Makes the numbered file with its whole content in one step; false when somebody else has made it. */
function takeNumber(directory: string, number: number, identity: ProcessIdentity): boolean {
  const draft = join(directory, `platform.lock.draft-${randomUUID()}`);
  writeFileSync(draft, serialize({ ...identity, released: false }), { flag: 'wx', mode: 0o644 });
  try {
    linkSync(draft, lockPath(directory, number));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

function holdLock(directory: string, number: number, identity: ProcessIdentity): DataDirectoryLock {
  const path = lockPath(directory, number);
  const { ino } = statSync(path);
  const heartbeat = setInterval(() => touch(path), HEARTBEAT_MS);
  heartbeat.unref();
  let isHeld = true;
  const isInPlace = (): boolean => statSync(path, { throwIfNoEntry: false })?.ino === ino;
  return {
    isInPlace,
    release() {
      if (!isHeld) return;
      isHeld = false;
      clearInterval(heartbeat);
      if (!isInPlace()) return; // there is nothing to let go
      const draft = join(directory, `platform.lock.draft-${randomUUID()}`);
      writeFileSync(draft, serialize({ ...identity, released: true }));
      renameSync(draft, path);
    },
  };
}

function touch(path: string): void {
  const time = new Date();
  try {
    utimesSync(path, time, time);
  } catch (error) {
    // A directory removed under the running service is not this timer's to report: readiness asks for it.
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
  }
}

function lockNumbers(directory: string): number[] {
  return readdirSync(directory)
    .flatMap((name) => FILE_NAME.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);
}

function lockPath(directory: string, number: number): string {
  return join(directory, `platform.lock.${number}`);
}

function serialize(record: LockRecord): string {
  return `${JSON.stringify(record)}\n`;
}

/** @throws {StartUpError} when the file is not one this program wrote. */
function readRecord(path: string): LockRecord | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const record = parseRecord(text);
  if (record === undefined) {
    throw new StartUpError(`the lock file ${path} cannot be read: remove it if no platform uses this directory`);
  }
  return record;
}

function parseRecord(text: string): LockRecord | undefined {
  try {
    const { pid, startedAt, scope, released } = JSON.parse(text) as Partial<Record<keyof LockRecord, unknown>>;
    if (typeof pid !== 'number' || !Number.isSafeInteger(pid) || pid < 1) return undefined;
    if (typeof startedAt !== 'string' || typeof scope !== 'string' || typeof released !== 'boolean') return undefined;
    return { pid, startedAt, scope, released };
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return undefined;
    throw error;
  }
}
