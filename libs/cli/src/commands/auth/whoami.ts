import type { Identity } from '@nmp/sdk';
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
      ['Email', emailText(principal)],
      ['Groups', principal.groups?.join(', ') || 'none'],
      ['Scopes', scopes.join(' ') || 'none'],
      ...roleRows(identity),
    ],
  }));
  return exitCodes.success;
}

function emailText({ email, email_verified: isVerified }: Identity['principal']): string {
  if (!email) return 'none';
  return isVerified === false ? `${email} (not verified)` : email;
}

/** Nothing where the platform does not tell. */
function roleRows({ roles }: Identity): string[][] {
  if (!roles) return [];
  const rows = Object.entries(roles).map(([workspace, names]) => [`Roles in ${workspace}`, names.join(', ')]);
  return rows.length > 0 ? rows : [['Roles', 'none']];
}
