import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { DevIdpError, systemErrorCode } from '../errors.js';
import { makeDirectory } from './make-directory.js';
import { ProcessLock } from './process-lock.js';
import type { ProviderKeys } from './provider-keys.js';
import { openProviderKeys } from './provider-keys.js';
import { StateStore } from './state-store.js';

/** Everything the provider keeps: its keys and its state. */
export interface ProviderData {
  readonly keys: ProviderKeys;
  readonly store: StateStore;
  close(): Promise<void>;
}

/** Opens a data directory, or with none keeps everything in memory. @throws {DevIdpError} when it cannot be used. */
export async function openProviderData(directory?: string): Promise<ProviderData> {
  if (directory === undefined) {
    return { keys: await openProviderKeys(), store: await StateStore.open(), close: () => Promise.resolve() };
  }
  const lock = await lockDirectory(directory);
  try {
    const keys = await openProviderKeys(join(directory, 'keys.json'));
    const store = await StateStore.open(join(directory, 'state.json'));
    const close = async (): Promise<void> => {
      await store.flush();
      await lock.release();
    };
    return { keys, store, close };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function lockDirectory(directory: string): Promise<ProcessLock> {
  try {
    await makeDirectory(directory, 0o700);
    await chmod(directory, 0o700);
    return await ProcessLock.acquire(join(directory, 'dev-idp.lock'));
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === undefined) throw error;
    throw new DevIdpError(`cannot write to the data directory ${directory} (${code})`, { cause: error });
  }
}
