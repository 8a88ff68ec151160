import type { CommandContext } from '../../context.js';
import { exitCodes } from '../../exit-codes.js';
import { printData } from '../../output/print.js';

/** Shows who the platform takes the caller to be. */
export async function whoami(context: CommandContext): Promise<number> {
  const identity = await context.client().auth.whoami();
  const { principal, scopes } = identity;
  await printData(context, identity, () => ({
    rows: [
      ['Kind', principal.kind],
      ['ID', principal.id],
      ['Email', principal.email ?? 'none'],
      ['Groups', principal.groups?.join(', ') || 'none'],
      ['Scopes', scopes.join(' ') || 'none'],
    ],
  }));
  return exitCodes.success;
}
