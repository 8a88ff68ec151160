import type { Database } from './database.js';
import type { Notifications } from './notifications.js';

/** How many connections to a database server there are. */
export interface PoolUse {
  readonly inUse: number;
  readonly idle: number;
  /** How many requests for a connection have to wait. */
  readonly waiting: number;
}

/** The open database and how to let it go. Also the injection token. */
export interface Storage {
  readonly database: Database;
  readonly notifications: Notifications;
  /** Not there where there are no connections. */
  readonly poolUse?: () => PoolUse;
  /** Whether the files are still where they were opened; not there where there are none. */
  readonly isInPlace?: () => boolean;
  /** Ends every connection and releases the data directory. May be called more than once. */
  close(): Promise<void>;
}
export const Storage = Symbol('Storage');
