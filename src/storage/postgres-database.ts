import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import { Pool } from 'pg';
import { StartUpError } from '../start-up-error.js';
import { migrationsFolder } from './migrations-folder.js';
import { PostgresNotifications } from './postgres-notifications.js';
import * as schema from './schema.js';
import type { Storage } from './storage.js';

const CONNECT_TIMEOUT_MS = 10_000;
// Any number that no other program takes in the same database: instances that start together migrate one after the other.
const MIGRATION_LOCK = 7_296_031_415;

/**
 * Opens a PostgreSQL database by its URL.
 * @throws {StartUpError} when the server cannot be reached or refuses; names host and database, never the password.
 */
export async function openPostgresDatabase(databaseUrl: string, warn: (line: string) => void): Promise<Storage> {
  const pool = new Pool({ connectionString: databaseUrl, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  // A connection that breaks while idle is replaced by the pool; whoever needs the server and cannot have it is told then.
  pool.on('error', () => undefined);
  try {
    await migrateAlone(pool);
  } catch (error) {
    await pool.end();
    const { host, pathname } = new URL(databaseUrl);
    throw new StartUpError(`the database ${host}${pathname} cannot be opened: ${reasonOf(error)}`, { cause: error });
  }
  const notifications = new PostgresNotifications(databaseUrl, CONNECT_TIMEOUT_MS, warn);
  let closing: Promise<void> | undefined;
  return {
    database: drizzle({ client: pool, schema }),
    notifications,
    close: () => (closing ??= closeAll(notifications, pool)),
  };
}

async function closeAll(notifications: PostgresNotifications, pool: Pool): Promise<void> {
  try {
    await notifications.close();
  } finally {
    await pool.end();
  }
}

async function migrateAlone(pool: Pool): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await migrate(drizzle({ client }), { migrationsFolder });
    await client.query('select pg_advisory_unlock($1)', [MIGRATION_LOCK]);
    client.release();
  } catch (error) {
    // Ending the connection lets go of the lock whatever state the session is in.
    client.release(true);
    throw error;
  }
}

/** The innermost reason: drivers wrap the system's message, and a host with several addresses fails with several. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0]);
  if (error instanceof Error && error.cause instanceof Error) return reasonOf(error.cause);
  return error instanceof Error ? error.message : String(error);
}
