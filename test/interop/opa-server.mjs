import { join } from 'node:path';
import { ServerProcess } from '../../scripts/process/server-process.mjs';
import { freePort } from '../../scripts/quickstart/ports.mjs';

const startsWithinMs = 60_000;

/** An Open Policy Agent on this machine. */
export class OpaServer {
  #process;

  constructor(process, url) {
    this.#process = process;
    this.url = url;
  }

  /**
   * Starts one and waits until it has loaded its bundles.
   *
   * @param {string} opa the program
   * @param {readonly string[]} given its further arguments
   * @param {{ directory: string, port?: number }} place the directory is for its log
   */
  static async start(opa, given, { directory, port }) {
    const address = `127.0.0.1:${port ?? (await freePort())}`;
    const url = `http://${address}`;
    const args = ['run', '--server', '--addr', address, '--log-level', 'error', ...given, '--skip-version-check'];
    const process = await ServerProcess.start({
      command: opa,
      args,
      logFile: join(directory, 'opa.log'),
      readyUrl: `${url}/health?bundles`,
      readyWithinMs: startsWithinMs,
    });
    return new OpaServer(process, url);
  }

  async ask(entrypoint, input) {
    const response = await fetch(`${this.url}/v1/data/authz/${entrypoint}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ input }),
    });
    if (!response.ok) throw new Error(`status ${response.status}: ${await response.text()}`);
    const { result } = await response.json();
    return result;
  }

  async stop() {
    await this.#process.stop();
  }
}
