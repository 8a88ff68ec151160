import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ServerProcess } from '../../../scripts/process/server-process.mjs';
import { freePort } from '../../../scripts/quickstart/ports.mjs';

const startsWithinMs = 120_000;

/**
 * A kind of message broker: where its programs come from, and how Nest talks with it.
 *
 * @typedef {object} BrokerKind
 * @property {string} name
 * @property {() => Promise<{ version: string } | { problem: string }>} find
 * @property {(place: { directory: string, port: number }) => Promise<readonly Program[]>} programs in the order they are
 *   started; the last is the broker
 * @property {(port: number, topics: readonly string[]) => Promise<void>} [prepare] what must be there before messages
 * @property {(port: number) => object} transport what Nest's servers and clients take
 * @property {(data: unknown, headers: readonly Header[]) => unknown} record data with headers, made by hand
 * @property {(context: object) => Record<string, unknown>} headersOf those that a handler finds
 * @property {readonly unknown[]} strange messages whose headers are not what they should be
 * @property {Record<string, (line: import('./line.mjs').Line) => Promise<void>>} [steps] that no other has
 * @property {Record<string, string>} [notOffered] the reasons, by steps
 *
 * @typedef {readonly [name: string, value: string]} Header
 * @typedef {{ command: string, args: readonly string[], env?: Record<string, string>, readyUrl: string }} Program
 */

/** A broker of one kind, on this machine alone, with a folder of its own. */
export class Broker {
  #kind;
  #place;
  #programs;
  #running = [];

  constructor(kind, place, programs) {
    this.#kind = kind;
    this.#place = place;
    this.#programs = programs;
    this.port = place.port;
  }

  /**
   * @param {BrokerKind} kind
   * @param {{ directory: string, topics: readonly string[] }} place
   */
  static async start(kind, { directory, topics }) {
    const place = { directory: join(directory, kind.name), port: await freePort() };
    mkdirSync(place.directory, { recursive: true });
    const broker = new Broker(kind, place, await kind.programs(place));
    await broker.#start();
    try {
      await kind.prepare?.(place.port, topics);
      return broker;
    } catch (error) {
      await broker.stop();
      throw error;
    }
  }

  /** Ends it, and starts it anew at the same port with what it has stored. */
  async restart() {
    await this.stop();
    await this.#start();
  }

  async stop() {
    for (const program of this.#running.splice(0).toReversed()) await program.stop();
  }

  async #start() {
    const { directory } = this.#place;
    const logFile = join(directory, `${this.#kind.name}.log`);
    try {
      for (const { command, args, env, readyUrl } of this.#programs) {
        const place = { cwd: directory, env: { PATH: process.env.PATH, HOME: directory, ...env }, logFile };
        this.#running.push(
          await ServerProcess.start({ command, args, ...place, readyUrl, readyWithinMs: startsWithinMs }),
        );
      }
    } catch (error) {
      await this.stop();
      throw error;
    }
  }
}
