import { printable } from '@nmp/sdk';
import type { CommandArguments } from '../../../command-action.js';
import type { CommandContext } from '../../../context.js';
import { exitCodes } from '../../../exit-codes.js';
import { printData } from '../../../output/print.js';
import { keyIdOf } from './key-id-of.js';

/** Ends an access key. */
export async function revokeAccessKey(context: CommandContext, [named = '']: CommandArguments): Promise<number> {
  const { accessKeys } = context.client();
  const key = await accessKeys.revoke(await keyIdOf(accessKeys, named));
  await printData(context, key, () => ({ rows: [[`Revoked access key "${printable(key.name, 100)}".`]] }));
  return exitCodes.success;
}
