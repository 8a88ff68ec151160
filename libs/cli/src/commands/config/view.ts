import type { CommandContext } from '../../context.js';
import { exitCodes } from '../../exit-codes.js';
import { redacted } from './redacted.js';

/** Prints the configuration file's settings without the secrets in it. */
export async function viewConfig(context: CommandContext): Promise<number> {
  const settings = redacted((await context.configFile.read()).toJSON());
  context.say(`# ${context.configFile.path}`);
  if (context.format === 'json') {
    context.world.stdout.write(`${JSON.stringify(settings, null, 2)}\n`);
  } else {
    const { stringify } = await import('yaml');
    context.world.stdout.write(stringify(settings));
  }
  return exitCodes.success;
}
