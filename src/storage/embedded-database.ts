import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { drizzle } from 'drizzle-orm/pglite';
import { migrate } from 'drizzle-orm/pglite/migrator';
import { StartUpError } from '../start-up-error.js';
import { acquireDataDirectoryLock, type DataDirectoryLock } from './data-directory-lock.js';
import { migrationsFolder } from './migrations-folder.js';
import { keepFromReplacement, makePrivateDirectory } from './private-directory.js';
import { GuardedListener } from './guarded-listener.js';
import * as schema from './schema.js';
import type { Storage } from './storage.js';

/** The data directory that means "keep everything in memory, forget it at the end". */
export const IN_MEMORY = 'memory://';

type Warn = (line: string) => void;

/**
 * Opens the embedded database in a directory that this process has for itself.
 * @throws {StartUpError} when the directory is in use, cannot be written, or does not hold a usable database.
 */
export async function openEmbeddedDatabase(dataDir: string, warn: Warn): Promise<Storage> {
  const lock = dataDir === IN_MEMORY ? undefined : acquireDataDirectoryLock(dataDir);
  const client = new PGlite(lock === undefined ? IN_MEMORY : preparePlace(dataDir, lock, warn));
  try {
    await client.waitReady;
    const database = drizzle({ client, schema });
    await migrate(database, { migrationsFolder });
    const isInPlace = lock && ((): boolean => lock.isInPlace() && existsSync(join(dataDir, 'postgres', 'PG_VERSION')));
    const closeOpened = async (): Promise<void> => {
      try {
        await close(client, lock);
      } catch (error) {
        if (isInPlace?.() !== false) throw error;
        warn(`the files in ${dataDir} were removed while they were used: what was written since is lost`);
      }
    };
    let closing: Promise<void> | undefined;
    return {
      database,
      ...(isInPlace && { isInPlace }),
      // In one process nothing can break, so there is nothing to resume.
      notifications: {
        listen: async (channel, listener) => {
          const guarded = new GuardedListener(channel, listener, warn);
          await client.listen(channel, (payload) => guarded.message(payload));
        },
        countListeners: () => Promise.resolve(1),
      },
      close: () => (closing ??= closeOpened()),
    };
  } catch (error) {
    await close(client, lock);
    throw new StartUpError(`the database in ${dataDir} cannot be opened: ${reasonOf(error)}`, { cause: error });
  }
}

/** The directory of the database itself. What is written there may be read by everybody who gets into it. */
function preparePlace(dataDir: string, lock: DataDirectoryLock, warn: Warn): string {
  const place = join(dataDir, 'postgres');
  try {
    keepFromReplacement(dataDir, warn);
    makePrivateDirectory(place, warn);
    return place;
  } catch (error) {
    lock.release();
    throw new StartUpError(`the directory ${place} cannot be used: ${reasonOf(error)}`, { cause: error });
  }
}

async function close(client: PGlite, lock: DataDirectoryLock | undefined): Promise<void> {
  try {
    if (client.ready && !client.closed) await client.close();
  } finally {
    lock?.release();
  }
}

function reasonOf(error: unknown): string {
  const [firstLine = ''] = String(error instanceof Error ? error.message : error).split('\n');
  return firstLine;
}
