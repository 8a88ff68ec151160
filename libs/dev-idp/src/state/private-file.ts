import { chmod, stat } from 'node:fs/promises';
import type { Logger } from '../logger.js';

/** Takes a file of secrets away from everybody but its owner, and says so when somebody else could reach it. */
export async function closeToOthers(path: string, logger: Logger): Promise<void> {
  // Windows has no such modes.
  if (process.platform === 'win32') return;
  const { mode } = await stat(path);
  if ((mode & 0o077) === 0) return;
  await chmod(path, 0o600);
  logger.warn(`${path} holds secrets and was open to other users of this machine; from now on it is yours alone`);
}
