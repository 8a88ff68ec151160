import type { Command } from 'commander';
import type { CommandContext, GlobalOptions } from './context.js';
import { UsageError } from './usage-error.js';
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
    const [{ CommandContext: Context }, run] = await Promise.all([import('./context.js'), load()]);
    let context: CommandContext | undefined;
    try {
      context = await Context.open(world, command.optsWithGlobals<GlobalOptions>());
      done(await run(context, command.processedArgs as CommandArguments, command.opts<Options & object>()));
    } catch (error) {
      const isUnplaced = error instanceof UsageError && error.command === undefined;
      if (isUnplaced) throw new UsageError(error.message, pathOf(command));
      if (context === undefined) throw error;
      const { withUnsignedSignIn } = await import('./unsigned-sign-in-advice.js');
      throw await withUnsignedSignIn(error, context);
    } finally {
      context?.progress.stop();
    }
  };
}

/** A command without the program's name: `auth login`. */
function pathOf(command: Command): string {
  const { parent } = command;
  if (!parent) return '';
  return `${pathOf(parent)} ${command.name()}`.trim();
}
