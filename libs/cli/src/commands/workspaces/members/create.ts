import type { CommandArguments } from '../../../command-action.js';
import type { CommandContext } from '../../../context.js';
import { exitCodes } from '../../../exit-codes.js';
import type { WaitOptions } from '../say-propagation.js';
import { showMember } from './show-member.js';
import type { WorkspaceOption } from './workspace-option.js';
import { workspaceOf } from './workspace-option.js';

/** Gives somebody roles in a workspace, beside those they have. */
export async function createMember(
  context: CommandContext,
  [principal = '']: CommandArguments,
  options: WorkspaceOption & WaitOptions & { role?: readonly string[] },
): Promise<number> {
  const workspace = await workspaceOf(context, options);
  const { members } = context.client().workspaces;
  const change = { workspace, waitRolePropagation: options.wait };
  const member = await members.create({ principal, roles: options.role }, change);
  await showMember(context, options, { workspace, member });
  return exitCodes.success;
}
