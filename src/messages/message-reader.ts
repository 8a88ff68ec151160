import { InvalidRequestError } from '@nmp/tokens';
import { assertPermissions, PolicyQuestionError } from '../policy/engine/policy-questions.js';
import { SYSTEM_WORKSPACE } from '../policy/role-names.js';

/** A question about what a caller may do. */
export interface AuthorizeQuestion {
  readonly permissions: readonly string[];
  readonly workspace: string;
}

/** The data of a message that has not the form of one. */
export class UnreadableMessage {
  readonly problem = 'the payload must be JSON with "pattern", "id" and "data"';
}

const MAX_PERMISSIONS = 100;
const MAX_LENGTH = 256;

/**
 * Reads the data of `auth.authorize`.
 * @throws {InvalidRequestError} when it is not of the form that the question has.
 */
export function authorizeQuestionOf(data: unknown): AuthorizeQuestion {
  const { permissions, workspace } = membersOf(data);
  const isList = Array.isArray(permissions) && permissions.length > 0 && permissions.length <= MAX_PERMISSIONS;
  if (!isList || !permissions.every(isName)) {
    throw wrong(`permissions must be a list of 1 to ${MAX_PERMISSIONS} texts`);
  }
  checkForm(permissions);
  // An empty text is what gRPC makes of a member that was left out.
  if (workspace === undefined || workspace === '') return { permissions, workspace: SYSTEM_WORKSPACE };
  if (!isName(workspace)) throw wrong('workspace must be the name of a workspace');
  return { permissions, workspace };
}

/**
 * Reads the data of `auth.authenticate`.
 * @returns the audience of the hop token that is wanted; `undefined` for none
 * @throws {InvalidRequestError} when it is not of the form that the question has.
 */
export function hopAudienceOf(data: unknown): string | undefined {
  const { hop_audience: audience } = membersOf(data);
  if (audience === undefined || audience === '') return undefined;
  if (!isName(audience)) throw wrong('hop_audience must be the name of a service');
  return audience;
}

function checkForm(permissions: readonly string[]): void {
  try {
    assertPermissions(permissions);
  } catch (error) {
    throw error instanceof PolicyQuestionError ? wrong(error.message) : error;
  }
}

function membersOf(data: unknown): Partial<Record<string, unknown>> {
  if (data instanceof UnreadableMessage) throw wrong(data.problem);
  if (data === undefined || data === null || data === '') return {};
  if (typeof data !== 'object' || Array.isArray(data)) throw wrong('the data must be an object');
  return data;
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= MAX_LENGTH && !/\s/.test(value);
}

function wrong(detail: string): InvalidRequestError {
  return new InvalidRequestError(detail, { detail: `Invalid message: ${detail}` });
}
