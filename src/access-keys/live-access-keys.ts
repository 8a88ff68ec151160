import { LiveRows, type LiveRowsEvents, type LiveSource } from '../storage/live-rows.js';
import type { NotificationListener } from '../storage/notifications.js';
import type { ActiveAccessKey, ActiveAccessKeys } from './active-access-keys.js';

/** Where the database tells of keys that came, or were given an end; a trigger does. */
export const ACCESS_KEY_CHANGES = 'nmp_access_key_changes';

/** Keeps the active access keys as they are in the database. */
export class LiveAccessKeys implements NotificationListener {
  private readonly rows: LiveRows<ActiveAccessKey, ActiveAccessKey>;

  constructor(index: ActiveAccessKeys, source: LiveSource<ActiveAccessKey>, events: LiveRowsEvents) {
    this.rows = new LiveRows(index, source, events);
  }

  message(payload: string): void {
    this.rows.apply(JSON.parse(payload) as ActiveAccessKey); // written by our own trigger
  }

  resumed(): void {
    void this.refresh();
  }

  /** Reads all keys. @throws when they cannot be read. */
  async load(): Promise<void> {
    await this.rows.load();
  }

  /** As {@link load}; never rejects: a failure is reported as an event. */
  async refresh(): Promise<void> {
    await this.rows.refresh();
  }
}
