import type { Member, PropagationAnswer } from '@nmp/sdk';
import { printable } from '@nmp/sdk';
import type { CommandContext } from '../../../context.js';
import { printData } from '../../../output/print.js';
import type { WaitOptions } from '../say-propagation.js';
import { sayPropagation } from '../say-propagation.js';
import { memberHint } from './member-hint.js';
import { memberTable } from './member-table.js';

/** Says what a member is from now on, and what the platform thinks of that. */
export async function showMember(
  context: CommandContext,
  options: WaitOptions,
  { workspace, member }: { workspace: string; member: Member & PropagationAnswer },
): Promise<void> {
  const [who, roles, where] = [member.principal, member.roles.join(', '), workspace].map((text) => printable(text));
  context.say(`In workspace "${where}", ${who} is now ${roles}.`);
  sayPropagation(context, options, member);
  const hint = member.hint || memberHint(member.principal);
  if (hint) context.say(`Hint: ${printable(hint)}`);
  await printData(context, member, () => memberTable(context, [member]));
}
