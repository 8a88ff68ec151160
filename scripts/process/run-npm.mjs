import { runCommand } from './run-command.mjs';

/**
 * Runs npm: the very npm that started us when there is one, else the one on the PATH.
 *
 * @param {readonly string[]} args
 * @param {Parameters<typeof runCommand>[2]} [options]
 */
export function runNpm(args, options) {
  const startedBy = process.env.npm_execpath;
  if (startedBy?.endsWith('npm-cli.js')) return runCommand(process.execPath, [startedBy, ...args], options);
  return runCommand('npm', args, { ...options, shell: process.platform === 'win32' });
}
