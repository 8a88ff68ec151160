import { printable } from '@nmp/sdk';
import type { CommandArguments } from '../../command-action.js';
import type { CommandContext } from '../../context.js';
import { exitCodes } from '../../exit-codes.js';
import { printData } from '../../output/print.js';
import { workspaceTable } from './workspace-table.js';

/** Changes a workspace's description. */
export async function updateWorkspace(
  context: CommandContext,
  [name = '']: CommandArguments,
  { description }: { description: string },
): Promise<number> {
  const workspace = await context.client().workspaces.update(name, { description });
  context.say(`Updated workspace "${printable(workspace.name, 100)}".`);
  await printData(context, workspace, () => workspaceTable(context, [workspace]));
  return exitCodes.success;
}
