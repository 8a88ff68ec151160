import { parseArgs } from 'node:util';
import { join, resolve } from 'node:path';
import { root } from '../process/root.mjs';

export const usage = `Usage: npm run quickstart [-- options]

Builds the platform and a local identity provider, starts both and says how to sign in.

  --port N        port of the platform (8080)
  --idp-port N    port of the identity provider (8081)
  --data-dir DIR  where both keep their data (.quickstart)
  --reset         delete that data first
  --demo          go through sign-in and a few calls, then stop; uses a temporary data directory
  --help          this text`;

/**
 * Reads the quickstart's command line.
 *
 * @param {readonly string[]} args
 * @throws {Error} naming the option that is wrong
 */
export function parseOptions(args) {
  const { values } = parseArgs({
    args,
    options: {
      port: { type: 'string', default: '8080' },
      'idp-port': { type: 'string', default: '8081' },
      'data-dir': { type: 'string' },
      reset: { type: 'boolean', default: false },
      demo: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const port = parsePort('--port', values.port);
  const idpPort = parsePort('--idp-port', values['idp-port']);
  if (port === idpPort) throw new Error('--port and --idp-port must differ');
  if (values.demo && (values['data-dir'] !== undefined || values.reset)) {
    throw new Error('--demo uses a temporary data directory: leave out --data-dir and --reset');
  }
  const dataDir = values['data-dir'] === undefined ? join(root, '.quickstart') : resolve(values['data-dir']);
  return { port, idpPort, dataDir, reset: values.reset, demo: values.demo, help: values.help };
}

function parsePort(option, value) {
  const port = Number(value);
  if (/^\d{1,5}$/.test(value) && port >= 1 && port <= 65_535) return port;
  throw new Error(`${option} must be a number from 1 to 65535, not "${value}"`);
}
