import type { PolicyCaller } from './policy-caller.js';
import type { AllowQuestion, PermissionsQuestion, RoleQuestion } from './policy-questions.js';

/** Who asks, as the rules read it, and as it is sent to a decision point over HTTP. */
export interface CallerInput {
  readonly principal_kind: PolicyCaller['kind'];
  readonly principal_id: string;
  readonly principal_email?: string;
  readonly principal_email_verified?: boolean;
  readonly principal_groups: readonly string[];
  readonly principal_shares_users?: boolean;
  readonly on_behalf_of_principal_id?: string;
  readonly on_behalf_of_principal_email?: string;
  readonly on_behalf_of_principal_groups?: readonly string[];
}

export type AllowInput = CallerInput & {
  readonly method: string;
  readonly path: string;
  readonly scopes: readonly string[];
};

export type PermissionsInput = CallerInput & { readonly workspace: string; readonly permissions: readonly string[] };

export type RoleInput = CallerInput & { readonly workspace: string; readonly role: string };

export function allowInput({ caller, method, path }: AllowQuestion): AllowInput {
  return { ...callerInput(caller), method, path: withoutQuery(path), scopes: caller.scopes };
}

export function permissionsInput({ caller, workspace, permissions }: PermissionsQuestion): PermissionsInput {
  return { ...callerInput(caller), workspace, permissions };
}

export function roleInput({ caller, workspace, role }: RoleQuestion): RoleInput {
  return { ...callerInput(caller), workspace, role };
}

/** The path alone. */
export function withoutQuery(path: string): string {
  const end = path.indexOf('?');
  return end === -1 ? path : path.slice(0, end);
}

function callerInput(caller: PolicyCaller): CallerInput {
  const { kind, id, email, emailVerified, groups, sharesUsers, onBehalfOf } = caller;
  return {
    principal_kind: kind,
    principal_id: id,
    ...(email !== undefined && { principal_email: email }),
    ...(emailVerified !== undefined && { principal_email_verified: emailVerified }),
    principal_groups: groups,
    ...(sharesUsers !== undefined && { principal_shares_users: sharesUsers }),
    ...(onBehalfOf !== undefined && {
      on_behalf_of_principal_id: onBehalfOf.id,
      ...(onBehalfOf.email !== undefined && { on_behalf_of_principal_email: onBehalfOf.email }),
      on_behalf_of_principal_groups: onBehalfOf.groups,
    }),
  };
}
