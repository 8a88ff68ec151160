import type { AccessKey } from '@nmp/sdk';
import type { CommandContext } from '../../../context.js';
import type { Table } from '../../../output/table.js';

/** Access keys as a person sees them. */
export function accessKeyTable({ timeText }: CommandContext, keys: readonly AccessKey[], showsOwners: boolean): Table {
  const time = (iso: string | null | undefined, otherwise: string): string => (iso ? timeText(iso) : otherwise);
  return {
    head: ['Name', ...(showsOwners ? ['Owner'] : []), 'Scopes', 'State', 'Expires', 'Last used', 'ID'],
    rows: keys.map((key) => [
      key.name,
      ...(showsOwners ? [key.owner_email ?? key.owner ?? ''] : []),
      key.scopes.join(' '),
      key.state ?? '',
      time(key.expires_at, ''),
      time(key.last_used_at, 'never'),
      key.jti,
    ]),
  };
}
