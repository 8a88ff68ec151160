import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import { Client } from 'pg';
import { inTime } from '../in-time.js';
import { StartUpError } from '../start-up-error.js';
import { DatabaseSockets } from './database-sockets.js';
import { migrationsFolder } from './migrations-folder.js';
import { PostgresNotifications } from './postgres-notifications.js';
import { defaultPatience, pooledDatabase, postgresPool } from './postgres-pool.js';
import type { Storage } from './storage.js';

// How long the server may take to end connections.
const FAREWELL_MS = 2_000;
// Any number that no other program takes in the same database: instances that start together migrate one after the other.
const MIGRATION_LOCK = 7_296_031_415;

/**
 * Opens a PostgreSQL database by its URL.
 * @throws {StartUpError} when the server cannot be reached or refuses; names host and database, never the password.
 */
export async function openPostgresDatabase(databaseUrl: string, warn: (line: string) => void): Promise<Storage> {
  const { connectMs } = defaultPatience;
  try {
    await migrateAlone(databaseUrl, connectMs);
  } catch (error) {
    const { host, pathname } = new URL(databaseUrl);
    throw new StartUpError(`the database ${host}${pathname} cannot be opened: ${reasonOf(error)}`, { cause: error });
  }
  const sockets = new DatabaseSockets();
  const pool = postgresPool(databaseUrl, defaultPatience, sockets);
  const notifications = new PostgresNotifications(databaseUrl, connectMs, warn, sockets);
  let closing: Promise<void> | undefined;
  return {
    database: pooledDatabase(pool),
    notifications,
    poolUse: () => ({
      inUse: pool.totalCount - pool.idleCount,
      idle: pool.idleCount,
      waiting: pool.waitingCount,
    }),
    close: () => (closing ??= closeAll([notifications.close(), pool.end()], sockets)),
  };
}

/** In peace, if the server plays its part. */
async function closeAll(endings: readonly Promise<void>[], sockets: DatabaseSockets): Promise<void> {
  await inTime(FAREWELL_MS, Promise.allSettled(endings));
  sockets.destroy();
}

/** On a connection of its own: a migration may take longer than any other statement. */
async function migrateAlone(databaseUrl: string, connectionTimeoutMillis: number): Promise<void> {
  const client = new Client({ connectionString: databaseUrl, connectionTimeoutMillis, query_timeout: 0 });
  client.on('error', () => undefined); // whoever waits for an answer is told
  try {
    await client.connect();
    await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await migrate(drizzle({ client }), { migrationsFolder });
  } finally {
    // Ending the connection lets go of the lock, whatever state the session is in.
    await client.end();
  }
}

/** The innermost reason: drivers wrap the system's message, and a host with several addresses fails with several. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0]);
  if (error instanceof Error && error.cause instanceof Error) return reasonOf(error.cause);
  return error instanceof Error ? error.message : String(error);
}
