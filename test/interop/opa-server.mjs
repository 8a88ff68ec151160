import { spawn } from 'node:child_process';
import { freePort } from '../../scripts/quickstart/ports.mjs';

/** An Open Policy Agent on this machine. */
export class OpaServer {
  constructor(child, url) {
    this.child = child;
    this.url = url;
  }

  /**
   * @param {string} opa the program
   * @param {readonly string[]} given its further arguments
   * @param {number} [port]
   */
  static async start(opa, given, port) {
    const address = `127.0.0.1:${port ?? (await freePort())}`;
    const args = ['run', '--server', '--addr', address, '--log-level', 'error', ...given];
    const child = spawn(opa, [...args, '--skip-version-check'], { stdio: ['ignore', 'pipe', 'pipe'] });
    const server = new OpaServer(child, `http://${address}`);
    let complaint = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (complaint += chunk));
    const ended = new Promise((_, reject) => {
      child.once('error', reject);
      child.once('exit', (code) => reject(new Error(`it ended with ${code}: ${complaint.trim()}`)));
    });
    // Nobody waits for the end of one that has started.
    ended.catch(() => {});
    await Promise.race([server.#ready(), ended]);
    return server;
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
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    if (this.child.exitCode !== null) return;
    this.child.kill();
    await ended;
  }

  async #ready() {
    while (this.child.exitCode === null) {
      const answer = await fetch(`${this.url}/health?bundles`).catch(() => undefined);
      if (answer?.ok) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
