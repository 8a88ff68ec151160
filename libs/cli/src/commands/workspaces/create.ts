import { printable } from '@nmp/sdk';
import type { CommandArguments } from '../../command-action.js';
import type { CommandContext } from '../../context.js';
import { exitCodes } from '../../exit-codes.js';
import { printData } from '../../output/print.js';
import type { WaitOptions } from './say-propagation.js';
import { sayPropagation } from './say-propagation.js';
import { workspaceTable } from './workspace-table.js';

/** Creates a workspace. */
export async function createWorkspace(
  context: CommandContext,
  [name = '']: CommandArguments,
  { description, wait }: WaitOptions & { description?: string },
): Promise<number> {
  const workspace = await context.client().workspaces.create({ name, description }, { waitRolePropagation: wait });
  context.say(`Created workspace "${printable(workspace.name, 100)}".`);
  sayPropagation(context, { wait }, workspace);
  await printData(context, workspace, () => workspaceTable(context, [workspace]));
  return exitCodes.success;
}
