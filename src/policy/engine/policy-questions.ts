import { isRequiredPermission } from './permission-name.js';
import type { PolicyCaller } from './policy-caller.js';

/** May the caller make this HTTP request? */
export interface AllowQuestion {
  readonly caller: PolicyCaller;
  readonly method: string;
  /** As it was sent; a query is ignored. */
  readonly path: string;
}

export interface AllowAnswer {
  readonly allowed: boolean;
  readonly headers: { readonly 'X-NMP-Authorized': 'true' | 'false' };
}

/** Does the caller hold all of these permissions in the workspace? */
export interface PermissionsQuestion {
  readonly caller: PolicyCaller;
  readonly workspace: string;
  /** A permission may name a workspace of its own: `<workspace>/<permission>`. */
  readonly permissions: readonly string[];
}

export interface PermissionsAnswer {
  readonly allowed: boolean;
}

/** Does a binding of the caller itself give exactly this role in the workspace? */
export interface RoleQuestion {
  readonly caller: PolicyCaller;
  readonly workspace: string;
  readonly role: string;
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
