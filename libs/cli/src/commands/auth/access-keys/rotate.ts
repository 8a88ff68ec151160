import type { CommandArguments } from '../../../command-action.js';
import type { CommandContext } from '../../../context.js';
import { exitCodes } from '../../../exit-codes.js';
import { keyIdOf } from './key-id-of.js';
import { printNewKey } from './print-new-key.js';
import { secondsOf } from './seconds-of.js';

/** Puts a new access key in the place of one, and prints it. */
export async function rotateAccessKey(
  context: CommandContext,
  [named = '']: CommandArguments,
  { grace, expiresIn }: { grace?: string; expiresIn?: string },
): Promise<number> {
  const wanted = {
    graceSeconds: secondsOf('--grace', grace),
    expiresInSeconds: secondsOf('--expires-in', expiresIn),
  };
  const { accessKeys } = context.client();
  const key = await accessKeys.rotate(await keyIdOf(accessKeys, named), wanted);
  await printNewKey(context, 'Rotated', key);
  return exitCodes.success;
}
