import type { CommandArguments } from '../../../command-action.js';
import type { CommandContext } from '../../../context.js';
import { exitCodes } from '../../../exit-codes.js';
import { printNewKey } from './print-new-key.js';
import { secondsOf } from './seconds-of.js';

/** Makes an access key and prints it. */
export async function createAccessKey(
  context: CommandContext,
  [name = '']: CommandArguments,
  { scope, expiresIn }: { scope: readonly string[]; expiresIn?: string },
): Promise<number> {
  const expiresInSeconds = secondsOf('--expires-in', expiresIn);
  // Several in one text are meant as they are in other places.
  const scopes = scope.flatMap((text) => text.split(/\s+/)).filter((text) => text !== '');
  const key = await context.client().accessKeys.create({ name, scopes, expiresInSeconds });
  await printNewKey(context, 'Made', key);
  return exitCodes.success;
}
