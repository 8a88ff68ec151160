import type { Command } from 'commander';
import { Argument } from 'commander';
import { exitCodes } from '../exit-codes.js';
import type { World } from '../world.js';

const shells = ['bash', 'zsh', 'fish'] as const;

/** `completion <shell>`: a script that completes commands and options. */
export function defineCompletionCommand(program: Command, world: World, done: (exitCode: number) => void): void {
  const name = world.programName;
  program
    .command('completion')
    .description('Print a script that completes commands and options in a shell')
    .addArgument(new Argument('<shell>', 'the shell').choices(shells))
    .addHelpText(
      'after',
      `\nExamples:\n  source <(${name} completion bash)          in ~/.bashrc\n  source <(${name} completion zsh)           in ~/.zshrc, after compinit\n  ${name} completion fish | source           in ~/.config/fish/config.fish`,
    )
    .action(async (shell: (typeof shells)[number]) => {
      const { completionScript } = await import('./completion/completion-script.js');
      world.stdout.write(completionScript(shell, program));
      done(exitCodes.success);
    });
}
