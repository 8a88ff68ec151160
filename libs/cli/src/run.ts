import { CommanderError } from 'commander';
import { exitCodes } from './exit-codes.js';
import { isLively } from './output/progress.js';
import { createProgram } from './program.js';
import type { World } from './world.js';
import { Interruption } from './world.js';

const helpCodes = new Set(['commander.helpDisplayed', 'commander.version']);

/** Runs one command line and tells the exit code. Whatever goes wrong has been said on stderr by then. */
export async function run(world: World, args: readonly string[]): Promise<number> {
  let exitCode: number = exitCodes.success;
  world.signal.addEventListener('abort', () => sayInterruption(world), { once: true });
  try {
    const program = createProgram(world, (code) => {
      exitCode = code;
    });
    await program.parseAsync(args, { from: 'user' });
    const stop: unknown = world.signal.reason;
    return stop instanceof Interruption ? stop.exitCode : exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return helpCodes.has(error.code) ? exitCodes.success : exitCodes.usage;
    const { reportError } = await import('./report-error.js');
    return reportError(error, world);
  }
}

/** Said at once: what is under way may take a moment to end. */
function sayInterruption(world: World): void {
  const { signal, stderr } = world;
  if (!(signal.reason instanceof Interruption)) return;
  stderr.write(isLively(world) ? '\r\u001b[KInterrupted.\n' : 'Interrupted.\n'); // a spinner may stand there
}
