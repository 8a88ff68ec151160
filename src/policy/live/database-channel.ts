import { sql } from 'drizzle-orm';
import type { Database } from '../../storage/database.js';
import type { PropagationChannel } from './propagation.js';

/** Where the database tells of changes of role bindings; a trigger does. */
export const ROLE_CHANGES = 'nmp_role_changes';
/** Where instances tell that they have heard of them. */
export const ROLE_CONFIRMATIONS = 'nmp_role_confirmations';

/** Sends marks and confirmations as notifications of the database, which keeps them in order with the changes. */
export function databaseChannel(database: Database, countInstances: () => Promise<number>): PropagationChannel {
  const notify = async (channel: string, message: object): Promise<void> => {
    await database.execute(sql`select pg_notify(${channel}, ${JSON.stringify(message)})`);
  };
  return {
    mark: (mark) => notify(ROLE_CHANGES, mark),
    confirm: (confirmation) => notify(ROLE_CONFIRMATIONS, confirmation),
    countInstances,
  };
}
