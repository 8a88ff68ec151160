import type { Member } from '@nmp/sdk';
import type { CommandContext } from '../../../context.js';
import type { Table } from '../../../output/table.js';

/** Members as a person sees them. */
export function memberTable({ timeText }: CommandContext, members: readonly Member[]): Table {
  return {
    head: ['Principal', 'Roles', 'Granted', 'Granted by'],
    rows: members.map((member) => [
      member.principal,
      member.roles.join(', '),
      member.granted_at ? timeText(member.granted_at) : '',
      member.granted_by ?? '',
    ]),
  };
}
