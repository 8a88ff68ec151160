import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../../../scripts/quickstart/ports.mjs';
import { untilReady } from '../../../scripts/quickstart/ready.mjs';
import { Service } from '../../../scripts/quickstart/service.mjs';

const readyWithinMs = 90_000;

/** One of several platform processes on one database: it can be ended in two ways, and comes back at its port. */
export class PlatformInstance {
  #service;
  #directory;
  #configFile;

  constructor(name, port, directory) {
    this.name = name;
    this.port = port;
    this.url = `http://127.0.0.1:${port}`;
    this.#directory = directory;
    this.#configFile = join(directory, `${name}.yaml`);
  }

  /**
   * @param {string} name
   * @param {{ directory: string, settings: object }} place for configuration and log; the settings that all have in common
   */
  static async prepare(name, { directory, settings }) {
    const instance = new PlatformInstance(name, await freePort(), directory);
    writeFileSync(
      instance.#configFile,
      JSON.stringify({ ...settings, server: { port: instance.port, trusted_proxies: ['127.0.0.1'] } }),
    );
    return instance;
  }

  /** Starts the process, and waits until it says that it can serve. */
  async start() {
    this.#service = new Service({
      name: this.name,
      args: ['dist/main.js'],
      env: { PATH: process.env.PATH, NMP_CONFIG_FILE_PATH: this.#configFile },
      logFile: join(this.#directory, `${this.name}.log`),
    });
    await untilReady(this.#service, `${this.url}/health/ready`, readyWithinMs);
  }

  /** Ends it in the middle of whatever it does. */
  async kill() {
    process.kill(this.#service.pid, 'SIGKILL');
    await this.#service.ended;
  }

  /** Asks it to end, and waits for that. */
  async stop() {
    await this.#service?.stop();
  }

  /** One request, past the gateway. */
  async request(path, { token, method = 'GET', body } = {}) {
    return send(`${this.url}${path}`, { token, method, body });
  }
}

/**
 * @param {string} url
 * @param {{ token?: string, method?: string, body?: unknown }} what
 */
export async function send(url, { token, method = 'GET', body }) {
  const headers = {
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
    ...(body !== undefined && { 'content-type': 'application/json' }),
  };
  const answer = await fetch(url, { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, text, body: text === '' ? undefined : JSON.parse(text) };
}
