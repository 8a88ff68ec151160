import { StartUpError } from '../start-up-error.js';
import { openEmbeddedDatabase } from './embedded-database.js';
import { openPostgresDatabase } from './postgres-database.js';
import { seed } from './seed.js';
import type { Storage } from './storage.js';

/** Where the data live and what has to be there from the start. */
export interface StorageSettings {
  /** A PostgreSQL server; without it the embedded database in `dataDir` is used. */
  readonly databaseUrl?: string;
  readonly dataDir: string;
  /** Who is PlatformAdmin from the start. */
  readonly adminEmail?: string;
  /** Told what the operator should know of. @default nobody */
  readonly warn?: (line: string) => void;
}

/**
 * Opens the database, brings its tables up to date and makes sure that the initial workspaces and bindings exist.
 * @throws {StartUpError} with the reason, after everything that was opened has been closed again.
 */
export async function openStorage(settings: StorageSettings): Promise<Storage> {
  const storage = await openDatabase(settings);
  try {
    await seed(storage.database, settings.adminEmail);
    return storage;
  } catch (error) {
    await storage.close();
    throw new StartUpError(`the database cannot be prepared: ${(error as Error).message}`, { cause: error });
  }
}

function openDatabase({ databaseUrl, dataDir, warn = () => undefined }: StorageSettings): Promise<Storage> {
  return databaseUrl === undefined ? openEmbeddedDatabase(dataDir, warn) : openPostgresDatabase(databaseUrl, warn);
}
