import { Worker } from 'node:worker_threads';
import { spin } from './spin.mjs';

const tolerated = 1.3;
const patienceMs = 120_000;

/**
 * Knows whether the machine is at its usual speed. Virtual machines are slowed down for seconds at a time, and what is
 * measured then says nothing: the same loop on two threads is timed against the quickest it has ever been.
 */
export class QuietGate {
  #quickest = Number.POSITIVE_INFINITY;
  // For all measurements together: a machine that is never quiet is measured as it is.
  #patienceMs = patienceMs;
  #worker = new Worker(new URL('spin.mjs', import.meta.url));
  /** How many measurements were made again because the machine was slow. */
  repeated = 0;

  constructor() {
    this.#worker.unref();
  }

  /** Whether the machine is at most a third slower than at its best. */
  async isQuiet() {
    const beside = new Promise((resolve) => {
      this.#worker.once('message', resolve);
    });
    this.#worker.postMessage('spin', []);
    const here = spin();
    const slowest = Math.max(here, await beside);
    this.#quickest = Math.min(this.#quickest, slowest);
    return slowest <= this.#quickest * tolerated;
  }

  /**
   * Measures once the machine is quiet, and again, three times at most, when it was not so to the end.
   *
   * @template T
   * @param {() => Promise<T>} measure
   * @returns {Promise<T>}
   */
  async measure(measure) {
    for (let attempt = 1; ; attempt += 1) {
      await this.#becomesQuiet();
      const measured = await measure();
      if (attempt > 3 || (await this.isQuiet()) || this.#patienceMs === 0) return measured;
      this.repeated += 1;
    }
  }

  async #becomesQuiet() {
    const startedAt = performance.now();
    while (!(await this.isQuiet()) && performance.now() - startedAt < this.#patienceMs) {
      await new Promise((resolve) => {
        setTimeout(resolve, 200);
      });
    }
    this.#patienceMs = Math.max(0, this.#patienceMs - (performance.now() - startedAt));
  }

  async close() {
    await this.#worker.terminate();
  }
}
