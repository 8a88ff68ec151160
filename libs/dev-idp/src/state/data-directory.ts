import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DevIdpError, systemErrorCode, systemErrorReason } from '../errors.js';
import type { Logger } from '../logger.js';
import { DirectoryLock } from './directory-lock.js';
import { makeDirectory } from './make-directory.js';
import type { ProviderKeys } from './provider-keys.js';
import { openProviderKeys } from './provider-keys.js';
import { StateFile } from './state-file.js';
import { StateStore } from './state-store.js';

/** Everything the provider keeps: its keys and its state. */
export interface ProviderData {
  readonly keys: ProviderKeys;
  readonly store: StateStore;
  close(): Promise<void>;
}

/** Opens a data directory, or with none keeps everything in memory. @throws {DevIdpError} when it cannot be used. */
export async function openProviderData(directory: string | undefined, logger: Logger): Promise<ProviderData> {
  if (directory === undefined) {
    return { keys: await openProviderKeys(), store: await StateStore.open(), close: () => Promise.resolve() };
  }
  const lock = await sayingWhich(directory, async () => {
    await makeDirectory(directory, 0o700);
    await warnIfWritableByOthers(directory, logger);
    return DirectoryLock.acquire(directory, logger);
  });
  try {
    return await sayingWhich(directory, () => openFiles(directory, lock, logger));
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/** Its modes are left as they are: somebody may share it on purpose. */
async function warnIfWritableByOthers(directory: string, logger: Logger): Promise<void> {
  // Windows has no such modes.
  if (process.platform === 'win32') return;
  const { mode } = await stat(directory);
  if ((mode & 0o022) === 0) return;
  logger.warn(`${directory} can be written by other users of this machine, who may put in keys of their own`);
}

async function openFiles(directory: string, lock: DirectoryLock, logger: Logger): Promise<ProviderData> {
  await removeLeftovers(directory);
  const file = new StateFile(join(directory, 'state.json'), { logger, assertHeld: () => lock.assertHeld() });
  const store = await StateStore.open(file);
  const keys = await openProviderKeys({ path: join(directory, 'keys.json'), logger });
  const close = async (): Promise<void> => {
    try {
      await store.flush();
    } finally {
      await lock.release();
    }
  };
  return { keys, store, close };
}

/** Removes the half-written files of a process that was killed. */
async function removeLeftovers(directory: string): Promise<void> {
  const leftovers = (await readdir(directory)).filter((name) => /^(?:keys|state)\.json\.\d+$/.test(name));
  await Promise.all(leftovers.map((name) => rm(join(directory, name), { force: true })));
}

async function sayingWhich<T>(directory: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === undefined) throw error;
    const reason = code === 'EEXIST' ? 'it is not a directory' : systemErrorReason(error);
    throw new DevIdpError(
      `cannot use the data directory ${directory} (${reason}): make it writable, or choose another`,
      { cause: error },
    );
  }
}
