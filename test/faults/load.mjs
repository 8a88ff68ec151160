import { randomUUID } from 'node:crypto';
import { Agent, request as send } from 'node:http';
import { once } from 'node:events';

/** Callers who ask without a pause, each on a connection that is kept, and note which requests were answered. */
export class Load {
  answered = new Map();
  /** The ids of requests whose connection broke before the whole answer had come. */
  broken = new Set();
  /** How many of those were on their way when the first connection was refused, or before. */
  atTheEnd = 0;
  #isRefused = false;
  #agent;
  #isStopped = false;
  #running;

  /** @param {{ url: string, headers: Record<string, string>, callers: number, next: (at: number, count: number) => { method: string, path: string, body?: object } }} given */
  constructor({ url, headers, callers, next }) {
    this.#agent = new Agent({ keepAlive: true, maxSockets: callers });
    const base = new URL(url);
    const call = async (at) => {
      for (let count = 0; !this.#isStopped; count += 1) await this.#ask(base, headers, next(at, count));
    };
    this.#running = Promise.all(Array.from({ length: callers }, (_none, at) => call(at)));
  }

  async more(count) {
    const wanted = this.answered.size + count;
    while (this.answered.size < wanted) await new Promise((resolve) => setImmediate(resolve));
  }

  async stop() {
    this.#isStopped = true;
    await this.#running;
    this.#agent.destroy();
  }

  /** The statuses of all answers. */
  get statuses() {
    return new Set([...this.answered.values()].map(({ status }) => status));
  }

  async #ask({ hostname, port }, headers, { method, path, body }) {
    const id = randomUUID();
    const text = body === undefined ? '' : JSON.stringify(body);
    const request = send({
      hostname,
      port,
      method,
      path,
      agent: this.#agent,
      headers: { ...headers, 'x-request-id': id, 'content-length': Buffer.byteLength(text) },
    });
    request.on('error', () => {}); // also what comes after the answer
    try {
      request.end(text);
      const [answer] = await once(request, 'response');
      answer.resume();
      await once(answer, 'end');
      this.answered.set(id, { status: answer.statusCode, method, body });
    } catch (error) {
      this.broken.add(id);
      if (error.code === 'ECONNREFUSED') this.#isRefused = true;
      else if (!this.#isRefused) this.atTheEnd += 1;
      // Nobody is there any more, perhaps: no use in asking as fast as one can.
      await new Promise((resolve) => {
        setTimeout(resolve, 5);
      });
    }
  }
}
