import type { AccessKey, AccessKeys } from '@nmp/sdk';
import { printable } from '@nmp/sdk';
import type { CommandArguments } from '../../../command-action.js';
import type { CommandContext } from '../../../context.js';
import { exitCodes } from '../../../exit-codes.js';
import { printData } from '../../../output/print.js';
import { isKeyId } from './key-id-of.js';

const endedStates: ReadonlySet<unknown> = new Set(['revoked', 'rotated', 'expired']);

/** Ends an access key; by name, also those of that name that a rotation left usable for a while. */
export async function revokeAccessKey(context: CommandContext, [named = '']: CommandArguments): Promise<number> {
  const { accessKeys } = context.client();
  const known = isKeyId(named) ? [] : await keysNamed(accessKeys, named);
  const usable = known.filter(({ state }) => !endedStates.has(state));
  // What is neither a name nor an id is sent as it is, for the platform to say so.
  const ids = known.length === 0 ? [named] : usable.map(({ jti }) => jti);
  const ended: AccessKey[] = [];
  for (const id of ids) ended.push(await accessKeys.revoke(id));
  const name = printable(ended[0]?.name ?? named, 100);
  await printData(context, ended, () => ({ rows: [[sentenceOf(name, ended.length)]] }));
  return exitCodes.success;
}

async function keysNamed(keys: AccessKeys, name: string): Promise<AccessKey[]> {
  const found = await keys.list({ name }).toArray();
  return found.filter((key) => key.name === name);
}

function sentenceOf(name: string, count: number): string {
  if (count === 0) return `Access key "${name}" is revoked already.`;
  return count === 1 ? `Revoked access key "${name}".` : `Revoked ${count} access keys "${name}".`;
}
