import { join } from 'node:path';
import { freePort } from '../../scripts/quickstart/ports.mjs';
import { untilReady } from '../../scripts/quickstart/ready.mjs';
import { Service } from '../../scripts/quickstart/service.mjs';

const readyTimeoutMs = 90_000;
const workspaces = '/apis/entities/v2/workspaces';

/** The built platform as a process of its own, that may be killed and started again with the same data. */
export class FaultyPlatform {
  #service;
  #env;

  constructor(directory, port, env) {
    this.#env = env;
    this.logFile = join(directory, `platform-${port}.log`);
    this.port = port;
    this.url = `http://127.0.0.1:${port}`;
  }

  /**
   * @param {{ directory: string, issuer: string, env?: Record<string, string> }} given the directory is for data and logs
   */
  static async start({ directory, issuer, env = {} }) {
    const port = await freePort();
    const platform = new FaultyPlatform(directory, port, {
      PATH: process.env.PATH,
      NMP_SERVER_PORT: String(port),
      NMP_PUBLIC_URL: `http://127.0.0.1:${port}`,
      NMP_DATA_DIR: join(directory, 'data'),
      NMP_AUTH_OIDC__ISSUER: issuer,
      NMP_AUTH_OIDC__CLIENT_ID: 'nmp-cli',
      NMP_AUTH_OIDC__AUDIENCE: 'nmp-platform',
      NMP_AUTH_ADMIN_EMAIL: 'admin@example.com',
      // That the machine is busy is none of the faults.
      NMP_SERVER_MAX_EVENT_LOOP_DELAY_MS: '0',
      ...env,
    });
    await platform.start();
    return platform;
  }

  /** Starts it, again. */
  async start() {
    const { logFile } = this;
    const service = new Service({ name: 'platform', args: ['dist/main.js'], env: this.#env, logFile });
    this.#service = service;
    this.isRunning = true;
    void service.ended.finally(() => {
      if (this.#service === service) this.isRunning = false;
    });
    await untilReady(service, `${this.url}/health/ready`, readyTimeoutMs);
  }

  /** @param {NodeJS.Signals} signal @returns when it has ended */
  async end(signal) {
    if (this.isRunning) process.kill(this.#service.pid, signal);
    await this.#service.ended;
  }

  /** As whoever holds the token. */
  as(token) {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const request = (method, path, body) =>
      fetch(`${this.url}${path}`, { method, headers, body: body && JSON.stringify(body) });
    return {
      request,
      workspaces: (method, path = '', body) => request(method, `${workspaces}${path}`, body),
    };
  }

  async isReady() {
    const answer = await fetch(`${this.url}/health/ready`).catch(() => undefined);
    await answer?.body?.cancel();
    return answer?.ok === true;
  }
}
