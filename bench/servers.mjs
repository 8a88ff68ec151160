import { join } from 'node:path';
import { ApplicationProcess } from './application-process.mjs';

/** Applications under load, each started when it is first asked for. */
export class Servers {
  #limits;
  #started = new Map();

  /** @param {{ core?: number }} [limits] as for {@link ApplicationProcess} */
  constructor(limits) {
    this.#limits = limits;
  }

  /**
   * @param {{ directory?: string, name: string, given: object }} application the directory with its `server.mjs`, below
   *   this one; its name there; what it is given
   * @returns {Promise<{ url: string, process: ApplicationProcess }>} the URL of its route, and what serves it
   * @throws {Error} when it does not start
   */
  async routeOf({ directory = '.', name, given }) {
    const key = JSON.stringify([directory, name, given]);
    if (!this.#started.has(key)) {
      const script = join(import.meta.dirname, directory, 'server.mjs');
      this.#started.set(key, new ApplicationProcess(script, [name, JSON.stringify(given)], this.#limits));
    }
    const process = this.#started.get(key);
    const { url } = await process.ready();
    return { url: url.replace('[::1]', '127.0.0.1'), process };
  }

  /** Ends all of them. */
  async stop() {
    await Promise.all([...this.#started.values()].map((server) => server.end()));
  }
}
