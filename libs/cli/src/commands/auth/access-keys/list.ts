import type { CommandArguments } from '../../../command-action.js';
import type { CommandContext } from '../../../context.js';
import { exitCodes } from '../../../exit-codes.js';
import { printData } from '../../../output/print.js';
import { UsageError } from '../../../usage-error.js';
import { accessKeyTable } from './access-key-table.js';

/** Lists access keys, all pages of them. */
export async function listAccessKeys(
  context: CommandContext,
  _args: CommandArguments,
  { all = false, owner }: { all?: boolean; owner?: string },
): Promise<number> {
  if (owner !== undefined && !all) throw new UsageError('--owner goes with --all');
  const keys = await context.client().accessKeys.list({ all, owner }).toArray();
  await printData(context, keys, () => accessKeyTable(context, keys, all));
  return exitCodes.success;
}
