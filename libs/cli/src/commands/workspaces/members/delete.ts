import type { CommandArguments } from '../../../command-action.js';
import type { CommandContext } from '../../../context.js';
import { exitCodes } from '../../../exit-codes.js';
import { printData } from '../../../output/print.js';
import type { WaitOptions } from '../say-propagation.js';
import { sayPropagation } from '../say-propagation.js';
import type { WorkspaceOption } from './workspace-option.js';
import { workspaceOf } from './workspace-option.js';

/** Takes every role in a workspace away from somebody. */
export async function deleteMember(
  context: CommandContext,
  [principal = '']: CommandArguments,
  options: WorkspaceOption & WaitOptions,
): Promise<number> {
  const workspace = await workspaceOf(context, options);
  const change = { workspace, waitRolePropagation: options.wait };
  const answer = await context.client().workspaces.members.delete(principal, change);
  sayPropagation(context, options, answer);
  await printData(context, answer, () => ({
    rows: [[`Removed ${answer.id ?? principal} from workspace "${workspace}".`]],
  }));
  return exitCodes.success;
}
