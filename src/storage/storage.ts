import type { Database } from './database.js';
import type { Notifications } from './notifications.js';

/** The open database and how to let it go. Also the injection token. */
export interface Storage {
  readonly database: Database;
  readonly notifications: Notifications;
  /** Ends every connection and releases the data directory. May be called more than once. */
  close(): Promise<void>;
}
export const Storage = Symbol('Storage');
