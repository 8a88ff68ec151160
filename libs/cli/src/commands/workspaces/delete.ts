import type { CommandArguments } from '../../command-action.js';
import type { CommandContext } from '../../context.js';
import { exitCodes } from '../../exit-codes.js';
import { printData } from '../../output/print.js';

/** Deletes a workspace. */
export async function deleteWorkspace(context: CommandContext, [name = '']: CommandArguments): Promise<number> {
  const answer = await context.client().workspaces.delete(name);
  await printData(context, answer, () => ({ rows: [[`Deleted workspace "${name}".`]] }));
  return exitCodes.success;
}
