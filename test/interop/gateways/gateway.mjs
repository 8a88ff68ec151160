import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../../scripts/process/root.mjs';
import { ServerProcess } from '../../../scripts/process/server-process.mjs';
import { freePort } from '../../../scripts/quickstart/ports.mjs';

const templates = join(root, 'deploy', 'gateways');
const startsWithinMs = 60_000;

/**
 * A gateway program and the files that configure it.
 *
 * @typedef {object} GatewayProgram
 * @property {string} name
 * @property {() => Promise<{ command: string, version: string } | { problem: string }>} find
 * @property {(mode: string) => Record<string, string | { template: string }>} files by name: as they are, or from the
 *   folder of templates
 * @property {readonly string[]} [modes] where it is not good for all
 * @property {readonly string[]} args
 * @property {Record<string, string>} [env]
 * @property {Record<string, string>} [notOffered] the reasons, by steps
 * @property {object} answers what clients get to see, where gateways differ
 */

/** A gateway of one kind, which runs with the files that a reader deploys. */
export class Gateway {
  #process;

  constructor(process, port) {
    this.#process = process;
    this.port = port;
  }

  /**
   * @param {GatewayProgram} program
   * @param {{ command: string, mode: string, directory: string, values: Record<string, string> }} place
   */
  static async start({ name, files, args, env }, { command, mode, directory, values }) {
    const port = await freePort();
    mkdirSync(directory);
    chmodSync(directory, 0o755); // some give up their rights
    const all = { ...values, GATEWAY_HOST: '127.0.0.1', GATEWAY_PORT: String(port) };
    for (const [file, content] of Object.entries(files(mode))) {
      const text = typeof content === 'string' ? content : readFileSync(join(templates, content.template), 'utf8');
      writeFileSync(join(directory, file), filled(text, all));
    }
    const process_ = await ServerProcess.start({
      command,
      args,
      cwd: directory,
      env: { PATH: process.env.PATH, HOME: directory, ...env },
      logFile: join(directory, `${name}.log`),
      readyUrl: `http://127.0.0.1:${port}/health/live`,
      readyWithinMs: startsWithinMs,
    });
    return new Gateway(process_, port);
  }

  async stop() {
    await this.#process.stop();
  }
}

/** What `envsubst` does with these names. */
function filled(text, values) {
  return text.replaceAll(/\$\{([A-Z_]+)\}/g, (whole, name) => values[name] ?? whole);
}
