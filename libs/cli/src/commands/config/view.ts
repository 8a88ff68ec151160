import type { CommandContext } from '../../context.js';
import { exitCodes } from '../../exit-codes.js';

const REDACTED = '***REDACTED***';
const secretKey = /token$|secret|password|api_key/;

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

function redacted(value: unknown, key = ''): unknown {
  if (typeof value === 'string' || typeof value === 'number') return secretKey.test(key) ? REDACTED : value;
  if (Array.isArray(value)) return value.map((item) => redacted(item, key));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, redacted(member, name)]));
}
