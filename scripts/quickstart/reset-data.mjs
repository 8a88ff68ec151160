import { existsSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';

/**
 * Deletes what the two services keep in the data directory, and nothing else that lies there.
 *
 * @param {string} dataDir
 * @returns {string} what was removed, for the user
 */
export function resetData(dataDir) {
  const present = ['platform', 'idp'].map((name) => join(dataDir, name)).filter((folder) => existsSync(folder));
  for (const folder of present) rmSync(folder, { recursive: true });
  if (present.length === 0) return `Nothing to remove in ${shown(dataDir)}`;
  return `Removed ${present.map(shown).join(' and ')}`;
}

function shown(path) {
  return relative('', path) || '.';
}
