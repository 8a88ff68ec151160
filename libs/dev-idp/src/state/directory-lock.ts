import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { DevIdpError, systemErrorCode } from '../errors.js';
import type { Logger } from '../logger.js';

// The holder touches the lock every second; one that has not done so for five seconds is dead.
const touchEveryMs = 1_000;
const staleAfterMs = 5_000;
const lookAgainMs = 100;
const looks = 80;

/**
 * Keeps a directory for one process. No process number decides who holds it, for those are given out again: a holder
 * shows that it lives by touching the lock.
 */
export class DirectoryLock {
  #isHeld = true;
  #release: () => Promise<void> = () => Promise.resolve();

  private constructor(
    private readonly directory: string,
    private readonly logger: Logger,
  ) {}

  /**
   * Takes the lock, after a holder that was killed as soon as its lock is stale. Says so when the directory is removed or
   * taken over later, as may happen to a process that sleeps.
   * @param wait passes the time until the next look
   * @throws {DevIdpError} when somebody alive holds it
   */
  static async acquire(
    directory: string,
    logger: Logger,
    wait: () => Promise<unknown> = () => pause(lookAgainMs),
  ): Promise<DirectoryLock> {
    const lock = new DirectoryLock(directory, logger);
    if (await lock.#take()) return lock;
    logger.info(`${directory} is locked: waiting a few seconds to see whether its last user is still alive`);
    const firstSeen = await lock.#touchedAt();
    for (let look = 0; look < looks; look += 1) {
      await wait();
      if (await lock.#take()) return lock;
      const seen = await lock.#touchedAt();
      if (seen !== undefined && seen !== firstSeen) {
        throw new DevIdpError(
          `the data directory ${directory} is in use by another identity provider: stop it, or choose another directory`,
        );
      }
    }
    // Left behind by a clock that ran ahead.
    throw new DevIdpError(`the data directory ${directory} is locked: if nothing uses it, remove ${lock.#path}`);
  }

  /** @throws {DevIdpError} when the directory is no longer this process's own. */
  assertHeld(): void {
    if (this.#isHeld) return;
    throw new DevIdpError(this.#lossOf());
  }

  async release(): Promise<void> {
    if (!this.#isHeld) return;
    this.#isHeld = false;
    await this.#release();
  }
  get #path(): string {
    return join(this.directory, 'directory.lock');
  }

  async #take(): Promise<boolean> {
    const { lock: take } = (await import('proper-lockfile')).default;
    const times = { stale: staleAfterMs, update: touchEveryMs };
    const onCompromised = (): void => this.#lose();
    try {
      this.#release = await take(this.directory, {
        lockfilePath: this.#path,
        realpath: false,
        onCompromised,
        ...times,
      });
      return true;
    } catch (error) {
      if (systemErrorCode(error) === 'ELOCKED') return false;
      throw error;
    }
  }

  #lose(): void {
    this.#isHeld = false;
    this.logger.warn(`${this.#lossOf()}; until then nobody can sign in`);
  }

  #lossOf(): string {
    return `the data directory ${this.directory} was removed or taken over: start the identity provider again`;
  }

  async #touchedAt(): Promise<number | undefined> {
    try {
      return (await stat(this.#path)).mtimeMs;
    } catch (error) {
      if (systemErrorCode(error) === 'ENOENT') return undefined;
      throw error;
    }
  }
}
