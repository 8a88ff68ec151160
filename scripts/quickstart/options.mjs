import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../process/root.mjs';

export const usage = `Usage: npm run quickstart [-- options]

Builds the platform and a local identity provider, starts both and says how to sign in.

  --port N        port of the platform (8080)
  --idp-port N    port of the identity provider (8081)
  --data-dir DIR  where both keep their data (.quickstart)
  --reset         delete that data first
  --watch         build what changes in src and libs, and restart the platform with it
  --demo          go through sign-in and a few calls, then stop; uses a temporary data directory, and free ports
                  where the usual ones are taken
  --help          this text`;

/**
 * Reads the quickstart's command line.
 *
 * @param {readonly string[]} args
 * @returns `givenPorts` holds the options of the ports that were chosen, not defaults
 * @throws {Error} naming the option that is wrong
 */
export function parseOptions(args) {
  const values = parseValues(args);
  const port = parsePort('--port', values.port ?? '8080');
  const idpPort = parsePort('--idp-port', values['idp-port'] ?? '8081');
  if (port === idpPort) throw new Error('--port and --idp-port must differ');
  if (values.demo && (values['data-dir'] !== undefined || values.reset)) {
    throw new Error('--demo uses a temporary data directory: leave out --data-dir and --reset');
  }
  if (values.demo && values.watch) throw new Error('--demo ends by itself: leave out --watch');
  const dataDir = values['data-dir'] === undefined ? join(root, '.quickstart') : resolve(values['data-dir']);
  requireDirectory(dataDir);
  const givenPorts = ['port', 'idp-port'].filter((name) => values[name] !== undefined).map((name) => `--${name}`);
  const { reset, demo, watch, help } = values;
  return { port, idpPort, givenPorts, dataDir, reset, demo, watch, help };
}

function parseValues(args) {
  try {
    return parseArgs({
      args,
      options: {
        port: { type: 'string' },
        'idp-port': { type: 'string' },
        'data-dir': { type: 'string' },
        reset: { type: 'boolean', default: false },
        watch: { type: 'boolean', default: false },
        demo: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    if (!error.code?.startsWith('ERR_PARSE_ARGS_')) throw error;
    const [sentence] = error.message.split('. ');
    throw new Error(`${sentence}; all options: npm run quickstart -- --help`, { cause: error });
  }
}

function requireDirectory(path) {
  try {
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== false) return;
  } catch (error) {
    if (error.code !== 'ENOTDIR') throw error;
  }
  throw new Error(`--data-dir must be a directory or not exist yet, but ${path} is, or lies in, a file`);
}

function parsePort(option, value) {
  const port = Number(value);
  if (/^\d{1,5}$/.test(value) && port >= 1 && port <= 65_535) return port;
  throw new Error(`${option} must be a number from 1 to 65535, not "${value}"`);
}
