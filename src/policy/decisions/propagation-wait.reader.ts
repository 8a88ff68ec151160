import { parseFlag } from '../../http/flag-query.reader.js';
import type { ExpectedRoles, RolePropagation } from './role-propagation.js';

/** What an answer says when its client asked to wait for the change to be known everywhere. */
export interface Confirmation {
  readonly role_propagation_confirmed?: boolean;
}

/** How the parameter is described. */
export const waitQuery = {
  name: 'wait_role_propagation',
  required: false,
  description:
    'Answer only when the change is known wherever decisions are made; role_propagation_confirmed says whether that could be found out',
  schema: { type: 'boolean' as const },
};

/** How the member of the answer is described. */
export const confirmationProperty = {
  type: Boolean,
  description:
    'Only when the client asked to wait: whether the change is known wherever decisions are made. It holds either way',
};

/** @throws {BadRequestException} for a parameter that is neither true nor false */
export function isWaitAsked(query: Readonly<Record<string, unknown>>): boolean {
  return parseFlag(waitQuery.name, query.wait_role_propagation, false);
}

/** Waits, if that was asked for, until the roles are known wherever decisions are made. */
export async function confirmationOf(
  propagation: RolePropagation,
  isAsked: boolean,
  expected: ExpectedRoles,
): Promise<Confirmation> {
  return isAsked ? { role_propagation_confirmed: await propagation.isConfirmed(expected) } : {};
}
