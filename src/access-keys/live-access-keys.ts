import { LiveRows } from '../storage/live-rows.js';
import type { ActiveAccessKey, ActiveAccessKeys } from './active-access-keys.js';

/** Where the database tells of keys that came, or were given an end; a trigger does. */
export const ACCESS_KEY_CHANGES = 'nmp_access_key_changes';

const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** Keeps the active access keys as they are in the database. A notification names one by its id. */
export class LiveAccessKeys extends LiveRows<ActiveAccessKey, string, ActiveAccessKey, ActiveAccessKeys> {
  message(payload: string): void {
    const said: unknown = JSON.parse(payload);
    if (typeof said !== 'object' || said === null || !('jti' in said)) throw new TypeError('no key is named');
    if (typeof said.jti !== 'string' || !UUID.test(said.jti)) throw new TypeError('the id is none');
    this.hint(said.jti.toLowerCase());
  }
}
