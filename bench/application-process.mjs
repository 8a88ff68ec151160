import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';

const secondsToStart = 300; // of a machine that has much else to do
const ticksPerSecond = 100; // of Linux, whatever its kernel counts in
// One core is the event loop's: more threads than there are other cores only push each other aside.
const UV_THREADPOOL_SIZE = String(Math.max(1, Math.min(4, availableParallelism() - 1)));

// While others have their turn, code would be thrown away that is in use all the time when an application is at work.
const nodeOptions = ['--no-flush-bytecode'];

/**
 * A script in a process of its own that sends a message when it is ready, answers questions if it knows any, and ends when
 * it is let go.
 */
export class ApplicationProcess {
  #child;
  #ended;
  #first;
  #asked = new Map();
  #questions = 0;

  /**
   * @param {string} script
   * @param {readonly string[]} args
   * @param {{ core?: number, flags?: readonly string[], isSilent?: boolean }} [how] `core` is the only one the process may use,
   *   all its threads included; `flags` are Node's; a silent one's output is thrown away
   */
  constructor(script, args, { core, flags = [], isSilent = false } = {}) {
    const execArgv = [...nodeOptions, ...flags];
    const pinned = { execPath: 'taskset', execArgv: ['-c', String(core), process.execPath, ...execArgv] };
    const env = { ...process.env, UV_THREADPOOL_SIZE };
    const stdio = ['ignore', isSilent ? 'ignore' : 'inherit', 'inherit', 'ipc'];
    this.#child = fork(script, args, { env, stdio, execArgv, ...(core !== undefined && pinned) });
    this.#ended = once(this.#child, 'exit');
    this.#child.on('message', ({ id, answer }) => {
      this.#asked.get(id)?.(answer);
      this.#asked.delete(id);
    });
    const timer = setTimeout(() => this.#child.kill(), secondsToStart * 1000);
    this.#first = Promise.race([once(this.#child, 'message'), this.#ended]).finally(() => clearTimeout(timer));
  }

  /**
   * @returns {Promise<object>} its message
   * @throws {Error} when it ends before, or has not sent one after five minutes
   */
  async ready() {
    const [message] = await this.#first; // or the exit code, null after a signal
    if (message === null || typeof message !== 'object')
      throw new Error(`${this.#child.spawnargs.join(' ')} did not start`);
    return message;
  }

  /**
   * Asks it something, once it is ready.
   *
   * @param {string} what
   * @param {object} [details]
   * @returns {Promise<any>}
   * @throws {Error} when it ends instead of answering
   */
  ask(what, details = {}) {
    const id = (this.#questions += 1);
    const answer = new Promise((resolve) => this.#asked.set(id, resolve));
    this.#child.send({ id, what, ...details });
    const end = this.#ended.then(() => Promise.reject(new Error(`${this.#child.spawnargs.join(' ')} ended`)));
    return Promise.race([answer, end]);
  }

  /** Seconds of processor time that it has taken so far, with all its threads; `undefined` where that is not told. */
  async cpuSeconds() {
    const stat = await readFile(`/proc/${this.#child.pid}/stat`, 'utf8').catch(() => undefined); // not Linux
    // The name of the program, in parentheses, may contain spaces.
    const [user, system] =
      stat
        ?.slice(stat.lastIndexOf(')') + 2)
        .split(' ')
        .slice(11, 13)
        .map(Number) ?? [];
    return stat === undefined ? undefined : (user + system) / ticksPerSecond;
  }

  async end() {
    if (this.#child.connected) this.#child.disconnect();
    await this.#ended;
  }
}
