import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { drizzle } from 'drizzle-orm/pglite';
import { migrate } from 'drizzle-orm/pglite/migrator';
import { StartUpError } from '../start-up-error.js';
import { acquireDataDirectoryLock, type DataDirectoryLock } from './data-directory-lock.js';
import { migrationsFolder } from './migrations-folder.js';
import * as schema from './schema.js';
import type { Storage } from './storage.js';

/** The data directory that means "keep everything in memory, forget it at the end". */
export const IN_MEMORY = 'memory://';

/**
 * Opens the embedded database in a directory that this process has for itself.
 * @throws {StartUpError} when the directory is in use, cannot be written, or does not hold a usable database.
 */
export async function openEmbeddedDatabase(dataDir: string): Promise<Storage> {
  const lock = dataDir === IN_MEMORY ? undefined : acquireDataDirectoryLock(dataDir);
  const client = new PGlite(dataDir === IN_MEMORY ? IN_MEMORY : join(dataDir, 'postgres'));
  try {
    await client.waitReady;
    const database = drizzle({ client, schema });
    await migrate(database, { migrationsFolder });
    let closing: Promise<void> | undefined;
    return { database, close: () => (closing ??= close(client, lock)) };
  } catch (error) {
    await close(client, lock);
    throw new StartUpError(`the database in ${dataDir} cannot be opened: ${reasonOf(error)}`, { cause: error });
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
