import { deepEqual } from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';

const pauseMs = 20;
const atOnce = 8;

/** Several callers who make one workspace after the other, and remember what they were told. */
export class Writers {
  /** The names that were answered with 201. */
  answered = new Set();
  /** How often each other answer came; 0 is a connection that broke. */
  others = new Map();
  /** The longest time without a success, in milliseconds. */
  longestGapMs = 0;
  #isStopped = false;
  #lastMs = performance.now();
  #running;

  /** @param {(name: string) => Promise<Response>} create @param {{ prefix: string, count?: number }} options */
  constructor(create, { prefix, count = 4 }) {
    this.#running = Promise.all(Array.from({ length: count }, (_none, at) => this.#write(create, `${prefix}-${at}`)));
  }

  /** Waits until so many more were answered. */
  async more(count) {
    const wanted = this.answered.size + count;
    while (this.answered.size < wanted) await sleep(pauseMs);
  }

  /** Lets them finish what they are at. */
  async stop() {
    this.#isStopped = true;
    await this.#running;
  }

  /** Everything that was answered 201 is there, and what is there is whole: whoever made it is its Admin. */
  async nothingIsLost(caller) {
    const names = [...this.answered];
    const missing = [];
    const next = async () => {
      for (let name = names.pop(); name !== undefined; name = names.pop()) {
        const answer = await caller.workspaces('GET', `/${name}/members`);
        const { data } = await answer.json();
        if (data?.[0]?.roles?.[0] !== 'Admin') missing.push(name);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, next));
    deepEqual(missing, [], 'answered, and lost');
  }

  /** What was answered beside 201, in words. */
  get saw() {
    const others = [...this.others].map(([status, count]) => `${status === 0 ? 'no answer' : status} (${count} times)`);
    return [`201 (${this.answered.size} times)`, ...others].join(', ');
  }

  async #write(create, prefix) {
    for (let count = 0; !this.#isStopped; count += 1) {
      const name = `${prefix}-${count}`;
      const status = await create(name).then(
        async (answer) => {
          await answer.arrayBuffer();
          return answer.status;
        },
        () => 0,
      );
      if (status === 201) this.#succeeded(name);
      else await this.#failed(status);
    }
  }

  #succeeded(name) {
    const now = performance.now();
    this.longestGapMs = Math.max(this.longestGapMs, now - this.#lastMs);
    this.#lastMs = now;
    this.answered.add(name);
  }

  async #failed(status) {
    this.others.set(status, (this.others.get(status) ?? 0) + 1);
    await sleep(pauseMs);
  }
}
