import { spawn } from 'node:child_process';
import { createWriteStream, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const keptCharacters = 2_000;
const graceMs = 20_000;
const pollMs = 100;

/** A server did not answer in time; another try may be worth it. */
export class StartTimeoutError extends Error {}

/** A server program, of whatever language, that runs until it is told to stop; what it says goes to a log file. */
export class ServerProcess {
  #child;
  #said = '';
  #ended;

  constructor(child, logFile) {
    this.#child = child;
    const log = createWriteStream(logFile, { flags: 'a', mode: 0o600 });
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        log.write(text);
        this.#said = (this.#said + text).slice(-keptCharacters);
      });
    }
    this.#ended = new Promise((resolve) => {
      child.once('error', (error) => resolve(`cannot be started: ${error.message}`));
      child.once('close', (code, signal) => {
        log.end();
        resolve(`ended (${signal ?? `exit code ${code}`}): ${this.#said.trim()}`);
      });
    });
  }

  /**
   * Starts a program and waits until it answers; what has a `tcp:` URL answers when it takes a connection.
   *
   * @param {{ command: string, args: readonly string[], cwd?: string, env?: NodeJS.ProcessEnv, logFile: string, readyUrl: string, readyWithinMs: number }} options
   * @throws {StartTimeoutError} when it does not answer in time
   * @throws {Error} when it ends instead
   */
  static async start({ command, args, cwd, env = process.env, logFile, readyUrl, readyWithinMs }) {
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const server = new ServerProcess(child, logFile);
    try {
      await server.#ready(readyUrl, readyWithinMs);
      return server;
    } catch (error) {
      await server.stop();
      throw error;
    }
  }

  get pid() {
    return this.#child.pid;
  }

  /** Tells the program to end, and insists when it does not: then a launcher's own child ends as well. */
  async stop() {
    const { pid } = this.#child;
    const insist = setTimeout(() => {
      for (const child of [...childrenOf(pid), pid]) process.kill(child, 'SIGKILL');
    }, graceMs);
    if (this.#child.exitCode === null) this.#child.kill('SIGTERM');
    await this.#ended;
    clearTimeout(insist);
  }

  async #ready(url, withinMs) {
    const deadline = performance.now() + withinMs;
    const ended = this.#ended.then((reason) => ({ reason }));
    for (;;) {
      if (await answers(url)) return;
      const ending = await Promise.race([ended, sleep(pollMs)]);
      if (ending) throw new Error(ending.reason);
      if (performance.now() > deadline) {
        throw new StartTimeoutError(`no answer from ${url} after ${withinMs / 1000} s: ${this.#said.trim()}`);
      }
    }
  }
}

async function answers(url) {
  const { protocol, hostname, port } = new URL(url);
  if (protocol === 'tcp:') return takesConnection(hostname, Number(port));
  const answer = await fetch(url, { signal: AbortSignal.timeout(5_000) }).catch(() => undefined);
  await answer?.body?.cancel();
  return answer?.ok === true;
}

function takesConnection(host, port) {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    socket.once('error', () => resolve(false));
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
  });
}

function childrenOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
  } catch {
    return []; // another system, or it ended meanwhile
  }
}
