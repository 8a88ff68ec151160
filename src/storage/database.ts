import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core';
import type * as schema from './schema.js';

/** The database of the platform: embedded (PGlite) or a PostgreSQL server, behind one type. Also the injection token. */
export type Database = PgDatabase<PgQueryResultHKT, typeof schema>;
export const Database = Symbol('Database');

/** What repositories run their statements on: the database itself, or a transaction of it. */
export type Connection = Pick<Database, 'select' | 'selectDistinct' | 'insert' | 'update' | 'delete' | 'execute'>;
