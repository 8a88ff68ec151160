import { runCommand } from '../process/run-command.mjs';
import { succeed } from '../process/succeed.mjs';

/**
 * Runs git in a directory.
 *
 * @param {string} directory
 * @param {...string} args
 * @returns {Promise<string>} what it printed
 * @throws {Error} with that, when it fails
 */
export function git(directory, ...args) {
  return succeed(runCommand('git', args, { cwd: directory, capture: true }));
}
