import { isRequiredPermission } from './permission-name.js';

export interface AllowAnswer {
  readonly allowed: boolean;
  readonly headers: { readonly 'X-NMP-Authorized': 'true' | 'false' };
}

export interface PermissionsAnswer {
  readonly allowed: boolean;
}

export interface RoleAnswer {
  readonly has_role: boolean;
}

/** A question that makes no sense, whoever asks it. */
export class PolicyQuestionError extends Error {
  override readonly name = 'PolicyQuestionError';
}

/** @throws {PolicyQuestionError} for what does not have the form of a permission, such as `models:read`. */
export function assertPermissions(permissions: readonly string[]): void {
  const wrong = permissions.find((permission) => !isRequiredPermission(permission));
  if (wrong === undefined) return;
  throw new PolicyQuestionError(`${JSON.stringify(wrong)} is not a permission, which looks like "models.read"`);
}
