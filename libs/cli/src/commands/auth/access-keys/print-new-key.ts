import type { NewAccessKey } from '@nmp/sdk';
import { printable } from '@nmp/sdk';
import type { CommandContext } from '../../../context.js';
import { printData } from '../../../output/print.js';

/** Prints a new key, alone, so that it can be put into a variable; what it is, is said beside it. */
export async function printNewKey(context: CommandContext, what: string, key: NewAccessKey): Promise<void> {
  const scopes = printable(key.scopes.join(' '), 1000);
  const until = key.expires_at ? ` until ${printable(context.timeText(key.expires_at), 100)}` : '';
  context.say(`${what} access key "${printable(key.name, 100)}": good for ${scopes}${until}.`);
  context.say('It is shown this once, and kept nowhere. Programs take it from NMP_ACCESS_TOKEN.');
  await printData(context, key, () => ({ rows: [[key.access_key]] }));
}
