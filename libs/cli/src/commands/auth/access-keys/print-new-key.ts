import type { NewAccessKey } from '@nmp/sdk';
import { printable } from '@nmp/sdk';
import type { CommandContext } from '../../../context.js';
import { printData } from '../../../output/print.js';

/** Prints a new key, alone, so that it can be put into a variable; what it is, is said beside it. */
export async function printNewKey(context: CommandContext, what: string, key: NewAccessKey): Promise<void> {
  const { world } = context;
  const name = printable(key.name, 100);
  const scopes = printable(key.scopes.join(' '), 1000);
  const until = key.expires_at ? ` until ${printable(context.timeText(key.expires_at), 100)}` : '';
  context.say(`${what} access key "${name}": good for ${scopes}${until}.`);
  context.say('It is shown this once, and kept nowhere. Programs take it from NMP_ACCESS_TOKEN.');
  const again = `${world.programName} auth access-keys rotate ${/^\w[\w.-]*$/.test(name) ? name : '<name>'}`;
  world.adviseOnLoss?.(
    `The key was made, and cannot be shown again. Put another in its place, or revoke it. Run: ${again}`,
  );
  // Markdown would put backslashes into it.
  if (context.format === 'markdown') world.stdout.write(`${printable(key.access_key, 100_000)}\n`);
  else await printData(context, key, () => ({ rows: [[key.access_key]] }));
}
