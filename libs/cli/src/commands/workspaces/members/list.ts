import type { CommandArguments } from '../../../command-action.js';
import type { CommandContext } from '../../../context.js';
import { exitCodes } from '../../../exit-codes.js';
import { printData } from '../../../output/print.js';
import { memberTable } from './member-table.js';
import type { WorkspaceOption } from './workspace-option.js';

/** Lists who has which roles in a workspace. */
export async function listMembers(
  context: CommandContext,
  _args: CommandArguments,
  { workspace }: WorkspaceOption,
): Promise<number> {
  const members = await context.client().workspaces.members.list({ workspace });
  await printData(context, members, () => memberTable(context, members));
  return exitCodes.success;
}
