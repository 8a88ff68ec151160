import { parseArgs } from 'node:util';
import { builtInAccounts } from './accounts/account.js';
import type { LoopbackHost } from './dev-idp-options.js';
import { DevIdp } from './dev-idp.js';
import { DevIdpError, systemErrorCode } from './errors.js';
import type { Logger } from './logger.js';

const help = `Usage: nmp-dev-idp [options]

A real OpenID Connect provider for one machine. It answers on the loopback addresses only.

Options:
  --port PORT        port to listen on; 0 takes a free one (default 8081)
  --host HOST        localhost, 127.0.0.1 or ::1 (default localhost)
  --issuer URL       issuer in every token (default http://HOST:PORT)
  --data-dir DIR     keep keys, grants, refresh tokens and device codes here (default: in memory)
  --accounts FILE    YAML file of accounts and clients (default: two built-in accounts)
  --help             show this help
`;

const endSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

type EndSignal = (typeof endSignals)[number];

interface Terminal {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
  on(signal: EndSignal, listener: () => void): unknown;
}

interface CommandOptions {
  readonly port: number;
  readonly host: LoopbackHost;
  readonly issuer?: string;
  readonly dataDir?: string;
  readonly accountsFile?: string;
}

const builtIn = builtInAccounts.map(({ email, password }) => `${email} (password ${password})`).join(' or ');

/** Runs `nmp-dev-idp` until a signal ends it, and resolves with the exit code. */
export async function runCommand(args: readonly string[], terminal: Terminal): Promise<number> {
  try {
    const options = parseOptions(args);
    if (options === undefined) {
      terminal.stdout.write(help);
      return 0;
    }
    const ended = new Promise<void>((resolve) => {
      // Not `once`: libraries that clean up after themselves end the process when nobody else listens any more.
      for (const signal of endSignals) terminal.on(signal, resolve);
    });
    const idp = await DevIdp.start({ ...options, logger: lineLogger(terminal) });
    terminal.stdout.write(`Development identity provider ready at ${idp.issuer} (for this machine only)\n`);
    terminal.stdout.write(
      `Sign in as ${options.accountsFile === undefined ? builtIn : `those in ${options.accountsFile}`}\n`,
    );
    await ended;
    await idp.close();
    return 0;
  } catch (error) {
    if (!(error instanceof DevIdpError)) throw error;
    terminal.stderr.write(`nmp-dev-idp: ${error.message}\n`);
    return 1;
  }
}

/** The options on the command line, or undefined when help is wanted. @throws {DevIdpError} for anything unknown */
function parseOptions(args: readonly string[]): CommandOptions | undefined {
  const values = parseArguments(args);
  if (values.help === true) return undefined;
  const { issuer, 'data-dir': dataDir, accounts: accountsFile } = values;
  return {
    port: parsePort(values.port),
    // Checked by DevIdp.start, which refuses everything that is not the loopback.
    host: values.host as LoopbackHost,
    ...(issuer === undefined ? {} : { issuer }),
    ...(dataDir === undefined ? {} : { dataDir }),
    ...(accountsFile === undefined ? {} : { accountsFile }),
  };
}

function parseArguments(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        port: { type: 'string', default: '8081' },
        host: { type: 'string', default: 'localhost' },
        issuer: { type: 'string' },
        'data-dir': { type: 'string' },
        accounts: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    if (systemErrorCode(error)?.startsWith('ERR_PARSE_ARGS') !== true) throw error;
    throw new DevIdpError(`${(error as Error).message.split('. ')[0]} (see --help)`, { cause: error });
  }
}

function parsePort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (!(port <= 65535)) throw new DevIdpError(`--port must be a number from 0 to 65535, not ${JSON.stringify(text)}`);
  return port;
}

function lineLogger(terminal: Terminal): Logger {
  return {
    info: (line) => terminal.stdout.write(`idp: ${line}\n`),
    warn: (line) => terminal.stderr.write(`idp: ${line}\n`),
  };
}
