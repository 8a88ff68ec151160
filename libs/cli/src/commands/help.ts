import type { Command } from 'commander';
import { exitCodes } from '../exit-codes.js';

/** `help [command]`: what `--help` says of the command that the words name. */
export function defineHelpCommand(program: Command, done: (exitCode: number) => void): void {
  program
    .command('help')
    .description('Explain a command')
    .argument('[command...]', 'its words, such as: auth login')
    .addHelpText('after', `\nExamples:\n  ${program.name()} help auth login`)
    .action((words: readonly string[]) => {
      commandOf(program, words).outputHelp();
      done(exitCodes.success);
    });
}

/** Ends in a usage error when a word is no command. */
function commandOf(program: Command, words: readonly string[]): Command {
  let found = program;
  for (const word of words) {
    const parent = found;
    found =
      parent.commands.find((command) => command.name() === word) ?? parent.error(`error: unknown command '${word}'`);
  }
  return found;
}
