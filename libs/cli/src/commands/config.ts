import type { Command } from 'commander';
import { action } from '../command-action.js';
import type { World } from '../world.js';

/** `config …`: the configuration file. */
export function defineConfigCommands(program: Command, world: World, done: (exitCode: number) => void): void {
  const name = world.programName;
  const config = program.command('config').description('Look at the configuration file, choose the context');

  config
    .command('view')
    .description('Print the configuration file, secrets left out')
    .addHelpText('after', `\nExamples:\n  ${name} config view\n  ${name} config view -f json`)
    .action(action(world, done, async () => (await import('./config/view.js')).viewConfig));

  config
    .command('use-context')
    .description('Make another context of the configuration file the current one')
    .argument('<name>', "a context's name")
    .addHelpText('after', `\nExamples:\n  ${name} config use-context work`)
    .action(action(world, done, async () => (await import('./config/use-context.js')).useContext));
}
