import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * Where something is kept that took long to fetch or to build, beside the other caches of the user.
 *
 * @param {string} name
 */
export function userCache(name) {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'nmp', name);
}
