import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const connections = 32;
const run = promisify(execFile);

/** The name of the tool that makes the load: wrk if it is installed, for it needs less of the machine than autocannon. */
export const loadTool = await run('wrk', ['-v']).then(
  () => 'wrk',
  (error) => (error.code === 'ENOENT' ? 'autocannon' : 'wrk'), // wrk -v exits with 1
);

/**
 * Puts a route under load from another process and counts its answers.
 *
 * @param {{ url: string, tokensFile: string }} route each request takes the next token of the file, a token a line
 * @param {{ seconds: number, core?: number }} limits `core` is the only one that the load may use
 * @returns {Promise<number>} requests a second
 * @throws {Error} when an answer was not 200
 */
export async function requestsPerSecond(route, { seconds, core }) {
  const [file, args, read] = loadTool === 'wrk' ? wrk(route, seconds) : autocannon(route, seconds);
  const { stdout } =
    core === undefined ? await run(file, args) : await run('taskset', ['-c', String(core), file, ...args]);
  const { rate, problem } = read(stdout);
  if (problem || !(rate > 0)) throw new Error(`${route.url}: ${problem ?? 'no answer'}`);
  return rate;
}

function wrk({ url, tokensFile }, seconds) {
  const script = join(import.meta.dirname, 'token-next.lua');
  const args = ['-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', '10s', '-s', script, url, '--', tokensFile];
  return ['wrk', args, readWrk];
}

function readWrk(output) {
  return {
    rate: Number(/Requests\/sec:\s+([\d.]+)/.exec(output)?.[1]),
    problem: /Non-2xx or 3xx responses: (\d+)|Socket errors: (.*)/.exec(output)?.[0],
  };
}

function autocannon({ url, tokensFile }, seconds) {
  const script = join(import.meta.dirname, 'load-by-autocannon.mjs');
  return [process.execPath, [script, url, tokensFile, String(seconds), String(connections)], JSON.parse];
}
