import { LiveRows } from '../storage/live-rows.js';
import type { ActiveAccessKey, ActiveAccessKeys } from './active-access-keys.js';

/** Where the database tells of keys that came, or were given an end; a trigger does. */
export const ACCESS_KEY_CHANGES = 'nmp_access_key_changes';

/** Keeps the active access keys as they are in the database. */
export class LiveAccessKeys extends LiveRows<ActiveAccessKey, ActiveAccessKey, ActiveAccessKeys> {
  message(payload: string): void {
    this.apply(JSON.parse(payload) as ActiveAccessKey); // written by our own trigger
  }
}
