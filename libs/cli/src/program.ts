import { readFileSync } from 'node:fs';
import { Command, Option } from 'commander';
import { defineAuthCommands } from './commands/auth.js';
import { defineCompletionCommand } from './commands/completion.js';
import { defineHelpCommand } from './commands/help.js';
import { defineConfigCommands } from './commands/config.js';
import { defineWorkspacesCommands } from './commands/workspaces.js';
import { outputFormats } from './output/output-format.js';
import { timestampFormats } from './output/timestamp.js';
import type { World } from './world.js';

/**
 * The whole command line: what can be said, and which command then runs. Nothing runs yet, and what a command needs is
 * loaded when it does.
 * @param done Told the exit code of the command that ran.
 */
export function createProgram(world: World, done: (exitCode: number) => void): Command {
  const program = new Command(world.programName)
    .description('Sign in to the platform, look after the token, manage workspaces and their members.')
    .version(version(), '-V, --version')
    .addOption(choice('-f, --output-format <format>', 'how data is printed (default: table)', outputFormats))
    .option('--no-truncate', 'show long values of a table whole (NMP_TRUNCATE=false)')
    .addOption(
      choice('--timestamp-format <format>', 'how tables show points in time (default: iso8601)', timestampFormats),
    )
    .option('--no-auto-refresh', 'use the stored token as it is')
    .option('--verbose', 'say on stderr what is asked of whom; never tokens or passwords')
    .option('--context <name>', 'context of the configuration file to use')
    .option('--base-url <url>', "the platform's address")
    .helpOption('-h, --help', 'explain the command')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => world.stdout.write(text),
      writeErr: (text) => world.stderr.write(text),
      outputError: (text, write) => write(text.replace(/^error: /, 'Error: ')),
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .exitOverride()
    .addHelpText('after', examples(world.programName));
  for (const define of [defineAuthCommands, defineWorkspacesCommands, defineConfigCommands])
    define(program, world, done);
  defineCompletionCommand(program, world, done);
  defineHelpCommand(program, done);
  finish(program, world.programName);
  return program;
}

/** An option that the help tells the values of. They are checked by the command, whose own help then explains it. */
function choice(flags: string, description: string, values: readonly string[]): Option {
  return new Option(flags, description).choices(values).argParser((value) => value);
}

function examples(name: string): string {
  return `
Examples:
  ${name} auth login                       sign in with the browser
  ${name} workspaces list                  see whether it worked
  ${name} auth token                       the access token, for curl

Environment:
  NMP_BASE_URL             the platform's address, as --base-url
  NMP_ACCESS_TOKEN         a token to use instead of the stored sign-in
  NMP_WORKLOAD_IDENTITY_TOKEN_FILE a file with a workload's own token, to exchange
  NMP_CURRENT_CONTEXT      context to use, as --context
  NMP_WORKSPACE            workspace to take where none is named
  NMP_CONFIG_FILE          the configuration file
  NMP_OUTPUT_FORMAT        how data is printed, as --output-format
  NMP_TIMESTAMP_FORMAT     how tables show points in time, as --timestamp-format
  NMP_TOKEN_STORE          where a sign-in keeps its tokens: keychain, or file
  NMP_OIDC_USERNAME        user name for ${name} auth login, as --username
  NMP_OIDC_PASSWORD        password for ${name} auth login, as --password
  NMP_OIDC_CLIENT_SECRET   secret of a confidential client
  NMP_CLIENT_SSL_CERT_FILE certificates to trust beside the usual ones (PEM)
  HTTPS_PROXY, HTTP_PROXY  proxy for https addresses, and for http ones
  NO_PROXY                 hosts that are reached without it
  NMP_TRUNCATE             whether tables cut long values off, as --no-truncate
  NMP_COLOR_OUTPUT         whether there is bold text
  NO_COLOR                 no bold text, and no spinner

Exit codes: 0 success, 1 local error, 2 usage error, 3 the platform refused or did not answer, 130 interrupted`;
}

/** What every command has: advice after an error, and no `help` subcommand of its own: there is one for all. */
function finish(command: Command, path: string): void {
  command.showHelpAfterError(`Run: ${path} --help`).helpCommand(false);
  for (const child of command.commands) finish(child, `${path} ${child.name()}`);
}

function version(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version; // this package's own file
}
