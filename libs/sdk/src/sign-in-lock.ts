import type { ConfigFile } from './config-file.js';
import { userLockTarget, withLock } from './config-lock.js';

/**
 * Runs one piece of work on a context's tokens while nobody else works on them: neither through this context nor through
 * another one that shares its user.
 * @param signal Ends the wait for the lock; once the work has begun it is up to the work.
 * @throws {ConfigError} when the lock cannot be had, or the file not be read.
 */
export async function withSignInLock<T>(
  configFile: ConfigFile,
  contextName: string,
  work: () => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const userName = async (): Promise<string> => (await configFile.read()).intendedUserName(contextName);
  for (;;) {
    const locked = await userName();
    const target = await userLockTarget(configFile.path, locked);
    // A sign-in that held the lock before may have given the context another user.
    const attempt = async () => ((await userName()) === locked ? { result: await work() } : undefined);
    const done = await withLock(target, attempt, signal);
    if (done) return done.result;
  }
}
