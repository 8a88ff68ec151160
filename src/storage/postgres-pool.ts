import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import { Pool } from 'pg';
import type { Database } from './database.js';
import { isDatabaseAway } from './database-away.js';
import { DatabaseSockets } from './database-sockets.js';
import * as schema from './schema.js';

/** How long the server is waited for, in milliseconds. */
export interface PostgresPatience {
  /** For a connection: a new one, or one that somebody else lets go of. */
  readonly connectMs: number;
  /** For an answer. Then the connection is given up, and `query_timeout` in the URL of the database wins. */
  readonly answerMs: number;
}

/** Far more than any statement of ours takes; a server that says nothing for so long has vanished without a word. */
export const defaultPatience: PostgresPatience = { connectMs: 10_000, answerMs: 15_000 };

const KEEP_ALIVE_MS = 10_000;

/** The connections of a database server, none of which ends the process when it breaks. */
export function postgresPool(
  databaseUrl: string,
  { connectMs, answerMs } = defaultPatience,
  sockets = new DatabaseSockets(),
): Pool {
  const pool = new Pool({
    connectionString: databaseUrl,
    stream: sockets.open,
    connectionTimeoutMillis: connectMs,
    query_timeout: answerMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
  });
  // A connection that breaks while idle is replaced by the pool; whoever needs the server and cannot have it is told then.
  pool.on('error', () => undefined);
  // One that breaks in the hands of a transaction tells whoever waits for an answer; an error nobody listens to is the end.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

/** The database behind a pool. */
export function pooledDatabase(pool: Pool): Database {
  const database = drizzle({ client: pool, schema });
  database.transaction = (work, config) => onOneConnection(pool, (own) => own.transaction(work, config));
  return database;
}

/**
 * Lends a connection, whatever becomes of it: drizzle's own transactions keep one on which they could not begin, and hand
 * back one on which the server may still be at work.
 */
async function onOneConnection<T>(pool: Pool, work: (own: NodePgDatabase<typeof schema>) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let isClean = false;
  try {
    const result = await work(drizzle({ client, schema }));
    isClean = true;
    return result;
  } catch (error) {
    isClean = !isDatabaseAway(error) && client.getTransactionStatus() === 'I';
    throw error;
  } finally {
    client.release(!isClean);
  }
}
