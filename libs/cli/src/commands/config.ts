import type { Command } from 'commander';
import { Option } from 'commander';
import { action } from '../command-action.js';
import type { World } from '../world.js';

/** `config …`: the configuration file. */
export function defineConfigCommands(program: Command, world: World, done: (exitCode: number) => void): void {
  const name = world.programName;
  const config = program.command('config').description('Look at the configuration file, choose the context');

  config
    .command('view')
    .description("Print the context's settings, secrets left out")
    .option('--all-contexts', 'print the whole configuration file')
    .addHelpText('after', `\nExamples:\n  ${name} config view\n  ${name} config view --all-contexts -f json`)
    .action(action(world, done, async () => (await import('./config/view.js')).viewConfig));

  config
    .command('set')
    .description(
      "Change a context's platform, workspace or token, or where its tokens are kept; a context that is not there is made (--base-url)",
    )
    .option('--workspace <name>', 'the workspace to take where none is named')
    .option('--access-token <token>', 'a token to use, "-" to read it from stdin or to be asked for it')
    .addOption(
      new Option('--token-store <place>', "keep its tokens in the operating system's keychain or in the file").choices([
        'keychain',
        'file',
      ]),
    )
    .addHelpText(
      'after',
      `\nExamples:\n  ${name} config set --workspace demo\n  ${name} config set --token-store keychain\n  ${name} config set --context work --base-url https://nmp.example.com\n  ${name} config set --access-token - < token.txt`,
    )
    .action(action(world, done, async () => (await import('./config/set.js')).setConfig));

  config
    .command('use-context')
    .description('Make another context of the configuration file the current one')
    .argument('<name>', "a context's name")
    .addHelpText('after', `\nExamples:\n  ${name} config use-context work`)
    .action(action(world, done, async () => (await import('./config/use-context.js')).useContext));
}
