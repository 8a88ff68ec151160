import { spawn } from 'node:child_process';
import { root } from './root.mjs';

/**
 * Runs a program to its end and tells how it ended.
 *
 * A Ctrl-C reaches the program through the terminal's process group; this process waits for it to end so that nothing
 * goes on printing after the prompt is back.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, capture?: boolean, show?: boolean, shell?: boolean }} [options]
 *   `capture` collects stdout and stderr instead of showing them; with `show`, shows them as well.
 * @returns {Promise<{ code: number, output: string }>} `code` is 128 + signal number when a signal ended the program.
 * @throws {Error} when the program cannot be started
 */
export function runCommand(command, args, options = {}) {
  const { cwd = root, env = process.env, capture = false, show = false, shell = false } = options;
  const stdio = capture ? ['ignore', 'pipe', 'pipe'] : 'inherit';
  const child = spawn(command, args, { cwd, env, stdio, shell });
  const chunks = [];
  for (const name of ['stdout', 'stderr']) {
    child[name]?.on('data', (chunk) => chunks.push(chunk));
    if (show) child[name]?.pipe(process[name], { end: false });
  }

  const stay = () => {};
  const terminate = () => child.kill('SIGTERM');
  process.on('SIGINT', stay);
  process.on('SIGTERM', terminate);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      process.off('SIGINT', stay);
      process.off('SIGTERM', terminate);
      resolve({ code: code ?? 128 + signalNumber(signal), output: Buffer.concat(chunks).toString() });
    });
  });
}

function signalNumber(signal) {
  const numberOf = { SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGTERM: 15 };
  return numberOf[signal] ?? 0;
}
