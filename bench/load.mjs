import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import autocannon from 'autocannon';

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
 * @param {number} seconds
 * @returns {Promise<number>} requests a second
 * @throws {Error} when an answer was not 200
 */
export async function requestsPerSecond(route, seconds) {
  return loadTool === 'wrk' ? byWrk(route, seconds) : byAutocannon(route, seconds);
}

async function byWrk({ url, tokensFile }, seconds) {
  const script = join(import.meta.dirname, 'token-next.lua');
  const args = ['-t1', `-c${connections}`, `-d${seconds}s`, '-s', script, url, '--', tokensFile];
  const { stdout } = await run('wrk', args);
  const bad = /Non-2xx or 3xx responses: (\d+)|Socket errors: (.*)/.exec(stdout);
  if (bad) throw new Error(`${url}: ${bad[0]}`);
  return Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)?.[1]);
}

async function byAutocannon({ url, tokensFile }, seconds) {
  const tokens = readFileSync(tokensFile, 'utf8').trimEnd().split('\n');
  const requests = tokens.map((token) => ({ method: 'GET', headers: { authorization: `Bearer ${token}` } }));
  const result = await autocannon({ url, connections, duration: seconds, requests, workers: 1 });
  if (result.non2xx > 0 || result.errors > 0) {
    throw new Error(`${url}: ${result.non2xx} answers were not 200, ${result.errors} requests failed`);
  }
  return result.requests.average;
}
