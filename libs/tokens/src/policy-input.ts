import type { Principal } from './principal.js';

/** Who asks, as far as a policy is concerned. A verified principal is one. */
export interface PolicyCaller extends Pick<
  Principal,
  'kind' | 'id' | 'email' | 'emailVerified' | 'groups' | 'scopes' | 'issuer' | 'onBehalfOf'
> {
  /** Whether the identities of the issuer are those that role bindings speak of; without it they match `*` only. @default true */
  readonly sharesUsers?: boolean;
}

/** May the caller make this HTTP request? */
export interface AllowQuestion {
  readonly caller: PolicyCaller;
  readonly method: string;
  /** As it was sent; a query is ignored. */
  readonly path: string;
}

/** Does the caller hold all of these permissions in the workspace? */
export interface PermissionsQuestion {
  readonly caller: PolicyCaller;
  readonly workspace: string;
  /** A permission may name a workspace of its own: `<workspace>/<permission>`. */
  readonly permissions: readonly string[];
}

/** Does a binding of the caller itself give exactly this role in the workspace? */
export interface RoleQuestion {
  readonly caller: PolicyCaller;
  readonly workspace: string;
  readonly role: string;
}

/** Who asks, as it is sent to a decision point and as its rules read it. The names are those of the wire. */
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

/** The question of the entrypoint `allow`. */
export type AllowInput = CallerInput & {
  readonly method: string;
  readonly path: string;
  readonly scopes: readonly string[];
};

/** The question of the entrypoint `has_permissions`. */
export type PermissionsInput = CallerInput & { readonly workspace: string; readonly permissions: readonly string[] };

/** The question of the entrypoint `has_role`. */
export type RoleInput = CallerInput & { readonly workspace: string; readonly role: string };

/** Writes the question as `POST …/allow` takes it in `input`. */
export function allowInput({ caller, method, path }: AllowQuestion): AllowInput {
  return { ...callerInput(caller), method, path: withoutQuery(path), scopes: caller.scopes };
}

/** Writes the question as `POST …/has_permissions` takes it in `input`. */
export function permissionsInput({ caller, workspace, permissions }: PermissionsQuestion): PermissionsInput {
  return { ...callerInput(caller), workspace, permissions };
}

/** Writes the question as `POST …/has_role` takes it in `input`. */
export function roleInput({ caller, workspace, role }: RoleQuestion): RoleInput {
  return { ...callerInput(caller), workspace, role };
}

/** The path of a request target alone. */
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
