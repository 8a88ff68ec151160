import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { root } from '../process/root.mjs';

const launcher = join(root, 'libs', 'cli', 'bin', 'nemo.js');

/**
 * Runs the command line program against a configuration file of its own, never the user's.
 *
 * @param {readonly string[]} args
 * @param {{ configFile: string, cwd?: string, env?: NodeJS.ProcessEnv, onLine?: (line: string) => void, onPid?: (pid: number) => void, input?: string, signal?: AbortSignal }} options
 *   `onLine` sees every line of stdout and stderr as it comes; `onPid` is told which process it is; `input` is what
 *   comes from stdin; `env` comes on top of this process's environment
 * @returns {Promise<{ code: number | null, stdout: string, stderr: string }>}
 */
export function nemo(
  args,
  { configFile, cwd = root, env: more = {}, onLine = () => {}, onPid = () => {}, input = '', signal },
) {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('NMP_'));
  const env = { ...Object.fromEntries(inherited), NMP_CONFIG_FILE: configFile, NO_COLOR: '1', ...more };
  const child = spawn(process.execPath, [launcher, ...args], { cwd, env, stdio: 'pipe', signal });
  if (child.pid !== undefined) onPid(child.pid);
  child.stdin.on('error', () => {}).end(input); // a command that reads nothing may be gone already
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr']) {
    let partial = '';
    child[name].setEncoding('utf8').on('data', (text) => {
      output[name] += text;
      const lines = (partial + text).split('\n');
      partial = lines.pop();
      lines.forEach(onLine);
    });
    child[name].on('end', () => partial && onLine(partial));
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, ...output }));
  });
}
