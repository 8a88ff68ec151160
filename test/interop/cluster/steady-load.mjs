import { Agent, request } from 'node:http';

/** How many go on at the same time. */
const workers = 12;

/**
 * @typedef {object} Question
 * @property {string} method
 * @property {string} path
 * @property {string} token
 * @property {unknown} [body]
 * @property {number} status what it must be answered with
 * @property {() => void} [answered] told when it was
 */

/**
 * People who go on asking and changing things by way of the gateway, whatever happens behind it, each after the answer to
 * what they asked before; nobody repeats anything.
 */
export class SteadyLoad {
  #agent = new Agent({ keepAlive: true, maxSockets: workers });
  #running = [];
  #isOver = false;
  #waiting = [];
  #answered = 0;
  /** What was not answered as it should have been. */
  failures = [];
  /** How long answers took, in milliseconds, in the order they came. */
  times = [];

  /** @param {{ port: number, question: (worker: number, turn: number) => Question }} world */
  constructor({ port, question }) {
    this.port = port;
    this.question = question;
  }

  start() {
    this.#running = Array.from({ length: workers }, (_, worker) => this.#work(worker));
  }

  /** Resolves when as many more requests have been answered. */
  more(count) {
    return new Promise((resolve) => this.#waiting.push({ at: this.#answered + count, resolve }));
  }

  async stop() {
    this.#isOver = true;
    await Promise.all(this.#running);
    this.#agent.destroy();
  }

  async #work(worker) {
    for (let turn = 0; !this.#isOver; turn += 1) {
      const question = this.question(worker, turn);
      const startedAt = performance.now();
      const answer = await this.#ask(question).catch((error) => ({ status: 0, text: error.message }));
      this.times.push(performance.now() - startedAt);
      if (answer.status === question.status) question.answered?.();
      else this.failures.push(`${question.method} ${question.path}: ${answer.status} ${answer.text}`);
      this.#count();
    }
  }

  #count() {
    this.#answered += 1;
    const due = this.#waiting.filter(({ at }) => at <= this.#answered);
    this.#waiting = this.#waiting.filter(({ at }) => at > this.#answered);
    for (const { resolve } of due) resolve();
  }

  #ask({ method, path, token, body }) {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const headers = {
      authorization: `Bearer ${token}`,
      ...(text !== undefined && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
    };
    return new Promise((resolve, reject) => {
      const asked = request({ host: '127.0.0.1', port: this.port, agent: this.#agent, method, path, headers });
      asked.once('error', reject);
      asked.once('response', (answer) => {
        let received = '';
        answer.setEncoding('utf8').on('data', (chunk) => (received += chunk));
        answer.once('error', reject);
        answer.once('end', () => resolve({ status: answer.statusCode, text: received }));
      });
      asked.end(text);
    });
  }
}
