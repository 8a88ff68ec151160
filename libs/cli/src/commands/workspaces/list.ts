import type { CommandArguments } from '../../command-action.js';
import type { CommandContext } from '../../context.js';
import { exitCodes } from '../../exit-codes.js';
import { printData } from '../../output/print.js';
import { workspaceTable } from './workspace-table.js';

/** Lists the workspaces the caller may see, all pages of them. */
export async function listWorkspaces(
  context: CommandContext,
  _args: CommandArguments,
  options: { sort?: string },
): Promise<number> {
  const workspaces = await context.client().workspaces.list(options).toArray();
  await printData(context, workspaces, () => workspaceTable(context, workspaces));
  return exitCodes.success;
}
