import { CommanderError } from 'commander';
import { exitCodes } from './exit-codes.js';
import { createProgram } from './program.js';
import type { World } from './world.js';

const helpCodes = new Set(['commander.helpDisplayed', 'commander.version']);

/** Runs one command line and tells the exit code. Whatever goes wrong has been said on stderr by then. */
export async function run(world: World, args: readonly string[]): Promise<number> {
  let exitCode: number = exitCodes.success;
  try {
    const program = createProgram(world, (code) => {
      exitCode = code;
    });
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return helpCodes.has(error.code) ? exitCodes.success : exitCodes.usage;
    const { reportError } = await import('./report-error.js');
    return reportError(error, world);
  }
}
