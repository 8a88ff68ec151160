import type { AuthConfig } from '../auth-config.js';
import type { PermissionQuery } from './policy-decision-point.js';

/** A question as it is sent to a policy server. The names are those of the wire. */
export interface PermissionsInput {
  readonly principal_kind: string;
  readonly principal_id: string;
  readonly principal_email?: string;
  readonly principal_email_verified?: boolean;
  readonly principal_groups: readonly string[];
  readonly principal_shares_users: boolean;
  readonly on_behalf_of_principal_id?: string;
  readonly on_behalf_of_principal_email?: string;
  readonly on_behalf_of_principal_groups?: readonly string[];
  readonly workspace: string;
  readonly permissions: readonly string[];
}

/** What has to be known of the issuers: whose identities are those that role bindings speak of. */
export type KnownIssuers = Pick<AuthConfig, 'issuers' | 'trustedHeaders'>;

export function permissionsInputOf(query: PermissionQuery, known: KnownIssuers): PermissionsInput {
  const { principal, workspace, permissions } = query;
  const { kind, id, email, emailVerified, groups, onBehalfOf } = principal;
  return {
    principal_kind: kind,
    principal_id: id,
    ...(email !== undefined && { principal_email: email }),
    ...(emailVerified !== undefined && { principal_email_verified: emailVerified }),
    principal_groups: groups,
    principal_shares_users: kind === 'service' || sharesUsers(principal.issuer, known),
    ...(onBehalfOf && {
      on_behalf_of_principal_id: onBehalfOf.id,
      ...(onBehalfOf.email !== undefined && { on_behalf_of_principal_email: onBehalfOf.email }),
      on_behalf_of_principal_groups: onBehalfOf.groups,
    }),
    workspace,
    permissions,
  };
}

/** A gateway that is trusted to say who somebody is speaks of the main issuer's users; its principals have no issuer. */
function sharesUsers(issuer: string, { issuers, trustedHeaders }: KnownIssuers): boolean {
  if (issuer === '') return trustedHeaders !== undefined;
  return issuers.some((config) => config.issuer === issuer && config.sharesUsers);
}
