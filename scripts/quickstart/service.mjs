import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from '../process/root.mjs';

const keptLines = 15;
const graceMs = 10_000;

/** A server program that runs beside the quickstart; its output goes to a log file. */
export class Service {
  #child;
  #lines = [];
  #stopping = false;

  /**
   * @param {{ name: string, args: readonly string[], env?: NodeJS.ProcessEnv, logFile: string }} options
   *   `args` are a JavaScript file and its arguments
   */
  constructor({ name, args, env = process.env, logFile }) {
    this.name = name;
    this.logFile = logFile;
    const preload = pathToFileURL(join(import.meta.dirname, 'end-with-parent.mjs')).href;
    // A process group of its own: Ctrl-C in the terminal reaches the quickstart alone, which then stops the services.
    this.#child = spawn(process.execPath, ['--import', preload, ...args], {
      cwd: root,
      env,
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: true,
    });
    // A service that ended no longer reads its stdin; that is no error of ours.
    this.#child.stdin.on('error', () => {});
    const log = createWriteStream(logFile, { flags: 'a', mode: 0o600 });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => this.#keep(line, log));
    }
    /** Settles when the program has ended: `undefined` when it was told to, else a sentence that says how. */
    this.ended = new Promise((resolve) => {
      this.#child.once('error', (error) => resolve(`${name} could not be started: ${error.message}`));
      this.#child.once('close', (code, signal) => {
        log.end();
        resolve(this.#stopping ? undefined : this.#obituary(code, signal));
      });
    });
  }

  get pid() {
    return this.#child.pid;
  }

  /** Tells the program to end, and insists when it does not. */
  async stop() {
    this.#stopping = true;
    this.#child.kill('SIGTERM');
    const insist = setTimeout(() => this.#child.kill('SIGKILL'), graceMs);
    await this.ended;
    clearTimeout(insist);
  }

  #keep(line, log) {
    log.write(`${line}\n`);
    this.#lines.push(line);
    if (this.#lines.length > keptLines) this.#lines.shift();
  }

  #obituary(code, signal) {
    const how = signal === null ? `exit code ${code}` : signal;
    return [`${this.name} ended (${how}); its last lines:`, ...this.#lines.map((line) => `  ${line}`)].join('\n');
  }
}
