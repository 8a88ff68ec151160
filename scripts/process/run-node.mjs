import { runCommand } from './run-command.mjs';

/**
 * Runs a JavaScript file with this same Node, without a shell and without a `.bin` link in between.
 *
 * @param {readonly string[]} args the file, then its arguments
 * @param {Parameters<typeof runCommand>[2]} [options]
 */
export function runNode(args, options) {
  return runCommand(process.execPath, args, options);
}
