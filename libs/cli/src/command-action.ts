import type { Command } from 'commander';
import type { CommandContext, GlobalOptions } from './context.js';
import type { World } from './world.js';

/** A command's positional arguments, in order; optional ones may be left out. */
export type CommandArguments = readonly (string | undefined)[];

/** A command's work: context, positional arguments and options in, exit code out. */
export type CommandRun<Options> = (
  context: CommandContext,
  args: CommandArguments,
  options: Options,
) => Promise<number>;

/** Makes an action of a command's work, which is loaded when the command is called. */
export function action<Options = object>(
  world: World,
  done: (exitCode: number) => void,
  load: () => Promise<CommandRun<Options>>,
): (...values: unknown[]) => Promise<void> {
  return async (...values) => {
    const command = values.at(-1) as Command; // commander calls with: arguments, options, command
    const [{ CommandContext }, run] = await Promise.all([import('./context.js'), load()]);
    const context = await CommandContext.open(world, command.optsWithGlobals<GlobalOptions>());
    try {
      done(await run(context, command.processedArgs as CommandArguments, command.opts<Options & object>()));
    } finally {
      context.progress.stop();
    }
  };
}
