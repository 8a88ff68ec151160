import { runCommand } from './run-command.mjs';

/**
 * A program of the system, and its version.
 *
 * @param {string} command
 * @param {readonly string[]} args what makes it tell its version, whatever it exits with
 * @returns {Promise<{ command: string, version: string } | { problem: string }>}
 */
export async function installed(command, args) {
  const { output } = await runCommand(command, args, { capture: true }).catch(({ message }) => ({ output: message }));
  const version = /\d+\.\d+\.\d+/.exec(output)?.[0];
  return version === undefined ? { problem: `it is not installed: ${output.trim()}` } : { command, version };
}
