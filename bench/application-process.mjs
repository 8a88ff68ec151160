import { fork } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';

const secondsToStart = 60;
// One core is the event loop's: more threads than there are other cores only push each other aside.
const UV_THREADPOOL_SIZE = String(Math.max(1, Math.min(4, availableParallelism() - 1)));

/** A script in a process of its own that sends one message when it is ready, and ends when it is let go. */
export class ApplicationProcess {
  #child;
  #ended;
  #first;

  /**
   * @param {string} script
   * @param {readonly string[]} args
   * @param {{ core?: number }} [limits] `core` is the only one the process may use, all its threads included
   */
  constructor(script, args, { core } = {}) {
    const pinned = { execPath: 'taskset', execArgv: ['-c', String(core), process.execPath] };
    const env = { ...process.env, UV_THREADPOOL_SIZE };
    this.#child = fork(script, args, { env, ...(core !== undefined && pinned) });
    this.#ended = once(this.#child, 'exit');
    const timer = setTimeout(() => this.#child.kill(), secondsToStart * 1000);
    this.#first = Promise.race([once(this.#child, 'message'), this.#ended]).finally(() => clearTimeout(timer));
  }

  /**
   * @returns {Promise<object>} its message
   * @throws {Error} when it ends before, or has not sent one after a minute
   */
  async ready() {
    const [message] = await this.#first; // or the exit code, null after a signal
    if (message === null || typeof message !== 'object')
      throw new Error(`${this.#child.spawnargs.join(' ')} did not start`);
    return message;
  }

  async end() {
    if (this.#child.connected) this.#child.disconnect();
    await this.#ended;
  }
}
