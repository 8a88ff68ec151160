import type { CommandArguments } from '../../command-action.js';
import type { CommandContext } from '../../context.js';
import { exitCodes } from '../../exit-codes.js';
import { printData } from '../../output/print.js';
import { workspaceTable } from './workspace-table.js';

/** Shows one workspace: the one named, else the context's. */
export async function getWorkspace(context: CommandContext, [name]: CommandArguments): Promise<number> {
  const workspace = await context.client().workspaces.get(name);
  await printData(context, workspace, () => workspaceTable(context, [workspace]));
  return exitCodes.success;
}
