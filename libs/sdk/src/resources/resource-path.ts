import { BadRequestError } from '../errors.js';

/** Where the workspaces are. */
export const workspacesPath = '/apis/entities/v2/workspaces';

/** @throws {BadRequestError} for what cannot be the name of a workspace. */
export function workspacePath(name: string): string {
  const advice = 'Give its name; to see them, run: nemo workspaces list';
  if (isOtherPath(name)) throw invalidName(`"${name}" is not the name of a workspace`, advice);
  return `${workspacesPath}/${encodeURIComponent(name)}`;
}

/** @throws {BadRequestError} for what cannot be a member. */
export function memberPath(workspace: string, principal: string): string {
  const advice = 'Give an e-mail address, the id of a user or client, group:<name>, service:<name>, or *';
  if (isOtherPath(principal)) throw invalidName(`"${principal}" names no member`, advice);
  return `${workspacePath(workspace)}/members/${encodeURIComponent(principal)}`;
}

/** Where the access keys are. */
export const accessKeysPath = '/apis/auth/v2/access-keys';

/** @throws {BadRequestError} for what cannot be the id of an access key. */
export function accessKeyPath(jti: string): string {
  const advice = 'Give its id; to see them, run: nemo auth access-keys list';
  if (isOtherPath(jti)) throw invalidName(`"${jti}" is not the id of an access key`, advice);
  return `${accessKeysPath}/${encodeURIComponent(jti)}`;
}

/** The path of an empty name would be that of the list, and dots would climb it, encoded or not. */
function isOtherPath(name: string): boolean {
  return /^\.{0,2}$/.test(name);
}

function invalidName(detail: string, advice: string): BadRequestError {
  return new BadRequestError(400, 'invalid_name', detail, undefined, { advice });
}
