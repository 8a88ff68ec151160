// Made of docs/openapi.json by `npm run openapi`; do not edit.

export interface LogLevelResponse {
  readonly level: 'error' | 'warn' | 'info' | 'debug';
}

export interface ErrorResponse {
  readonly statusCode: number;
  readonly error: string;
  /** Stable name of the failure */
  readonly code: string;
  /** A sentence for people */
  readonly detail: string;
}

export interface ChangeLogLevelRequest {
  readonly level: 'error' | 'warn' | 'info' | 'debug';
}

export interface KeySetResponse {
  readonly keys: readonly (Readonly<Record<string, unknown>>)[];
}

export interface IssuerMetadataResponse {
  readonly issuer: string;
  readonly jwks_uri: string;
  /** Where tokens of workloads are exchanged; missing when they are not */
  readonly token_endpoint?: string;
  readonly grant_types_supported: readonly string[];
  /** Nobody signs in here */
  readonly response_types_supported: readonly string[];
  readonly subject_types_supported: readonly string[];
  readonly id_token_signing_alg_values_supported: readonly string[];
  readonly token_endpoint_auth_methods_supported?: readonly string[];
}

export interface TokenExchangeForm {
  readonly grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange';
  /** The workload's own token, a JWT */
  readonly subject_token: string;
  readonly subject_token_type: string;
  /** Some of the rule's scopes; all of them if left out */
  readonly scope?: string;
  /** What discovery publishes as `workload_audience` */
  readonly audience?: string;
  readonly requested_token_type?: string;
}

export interface ExchangedTokenResponse {
  readonly access_token: string;
  readonly issued_token_type: string;
  readonly token_type: 'Bearer';
  /** How long it lives, in seconds */
  readonly expires_in: number;
  readonly scope: string;
}

export interface ExchangeErrorResponse {
  readonly error: 'invalid_request' | 'invalid_scope' | 'invalid_target' | 'unsupported_grant_type' | 'temporarily_unavailable';
  readonly error_description: string;
  /** The same, under the name that every error of the platform has */
  readonly detail: string;
}

export interface AccessKeyResponse {
  /** Id of the key: the `jti` of its claims */
  readonly jti: string;
  readonly name: string;
  readonly scopes: readonly string[];
  /** Only an active key is accepted */
  readonly state: 'active' | 'rotated' | 'revoked' | 'expired';
  /** Id of the owner */
  readonly owner: string;
  readonly owner_email: string | null;
  readonly created_at: string;
  /** When it ends, or has ended */
  readonly expires_at: string;
  /** To the hour; null: never */
  readonly last_used_at: string | null;
  /** The key that took its place */
  readonly replaced_by: string | null;
}

export interface Pagination {
  readonly page: number;
  readonly page_size: number;
  /** Entries of the page returned */
  readonly current_page_size: number;
  readonly total_pages: number;
  readonly total_results: number;
}

export interface AccessKeyPageResponse {
  readonly data: readonly AccessKeyResponse[];
  readonly pagination: Pagination;
  readonly sort: string;
  readonly filter: Readonly<Record<string, string>>;
}

export interface CreateAccessKeyRequest {
  /** name must be 1 to 63 letters, digits, dots, hyphens and underscores, a letter or digit first */
  readonly name: string;
  /** What the key is good for, of what your own token is good for */
  readonly scopes: readonly string[];
  /** The platform has a default, and a longest life */
  readonly expires_in_seconds?: number | null;
}

export interface NewAccessKeyResponse {
  /** Id of the key: the `jti` of its claims */
  readonly jti: string;
  readonly name: string;
  readonly scopes: readonly string[];
  /** Only an active key is accepted */
  readonly state: 'active' | 'rotated' | 'revoked' | 'expired';
  /** Id of the owner */
  readonly owner: string;
  readonly owner_email: string | null;
  readonly created_at: string;
  /** When it ends, or has ended */
  readonly expires_at: string;
  /** To the hour; null: never */
  readonly last_used_at: string | null;
  /** The key that took its place */
  readonly replaced_by: string | null;
  /** The key: it is told this once, and kept nowhere */
  readonly access_key: string;
}

export interface RotateAccessKeyRequest {
  /** As long as the old one lived, if left out */
  readonly expires_in_seconds?: number | null;
  /** How long the old key may be used beside the new one */
  readonly grace_seconds?: number | null;
}

export interface AuthenticateResponse {
  /** Id */
  readonly principal: string;
  readonly email: string | null;
  readonly groups: readonly string[];
  readonly scopes: readonly string[];
  /** Id of the token */
  readonly jti: string | null;
  readonly token_kind: 'oidc_access_token' | 'workload_access_token' | 'access_key';
}

export interface PrincipalResponse {
  readonly kind: 'user' | 'client' | 'service' | 'anonymous';
  readonly id: string;
  readonly email: string | null;
  /** null: the provider does not say */
  readonly email_verified: boolean | null;
  readonly groups: readonly string[];
  /** The provider left groups out of the token because there are too many */
  readonly groups_overage: boolean;
  readonly issuer: string;
  readonly client_id: string | null;
  /** null: never */
  readonly expires_at: string | null;
}

export interface WhoamiResponse {
  readonly principal: PrincipalResponse;
  /** Scopes of the token, without the configured prefix */
  readonly scopes: readonly string[];
  /** Workspace by workspace, the roles that bindings give you, by id, e-mail address, group or as everybody */
  readonly roles: Readonly<Record<string, readonly string[]>>;
}

export interface WorkspaceResponse {
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  readonly created_at: string;
  /** Id of who created it */
  readonly created_by: string | null;
  /** The e-mail address they had then, if it was known */
  readonly created_by_email: string | null;
  readonly updated_at: string;
  /** Id of who changed it last */
  readonly updated_by: string | null;
}

export interface WorkspacePageResponse {
  readonly data: readonly WorkspaceResponse[];
  readonly pagination: Pagination;
  readonly sort: string;
  readonly filter: Readonly<Record<string, string>>;
}

export interface CreateWorkspaceRequest {
  /** name must be 1 to 63 lower-case letters (a-z), digits and hyphens, and begin and end with a letter or a digit */
  readonly name: string;
  readonly description?: string | null;
}

export interface WorkspaceCreatedResponse {
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  readonly created_at: string;
  /** Id of who created it */
  readonly created_by: string | null;
  /** The e-mail address they had then, if it was known */
  readonly created_by_email: string | null;
  readonly updated_at: string;
  /** Id of who changed it last */
  readonly updated_by: string | null;
  /** Only when the client asked to wait: whether the change is known wherever decisions are made. It holds either way */
  readonly role_propagation_confirmed?: boolean;
}

export interface UpdateWorkspaceRequest {
  /** null: none from now on */
  readonly description?: string | null;
}

export interface WorkspaceDeletedResponse {
  readonly id: string;
  readonly message: string;
}

export interface MemberResponse {
  readonly principal: string;
  /** Sorted */
  readonly roles: readonly string[];
  /** When the oldest of the roles was given */
  readonly granted_at: string;
  /** Id of who gave it */
  readonly granted_by: string;
  /** What may have been meant instead */
  readonly hint?: string;
  /** Only when the client asked to wait: whether the change is known wherever decisions are made. It holds either way */
  readonly role_propagation_confirmed?: boolean;
}

export interface MemberListResponse {
  /** Sorted by principal */
  readonly data: readonly MemberResponse[];
}

export interface AddMemberRequest {
  /** principal must be an e-mail address, the id of a user or client, group:<name>, service:<name>, or * for everybody */
  readonly principal: string;
  readonly roles?: readonly string[];
}

export interface SetMemberRequest {
  /** To take every role away, remove the member */
  readonly roles: readonly string[];
}

export interface MemberRemovedResponse {
  /** The principal */
  readonly id: string;
  readonly message: string;
  /** Only when the client asked to wait: whether the change is known wherever decisions are made. It holds either way */
  readonly role_propagation_confirmed?: boolean;
}

export interface ProjectResponse {
  readonly id: string;
  readonly workspace: string;
  readonly name: string;
  readonly description: string | null;
  readonly created_at: string;
  /** Id of who created it */
  readonly created_by: string | null;
}

export interface ProjectPageResponse {
  readonly data: readonly ProjectResponse[];
  readonly pagination: Pagination;
  readonly sort: string;
  readonly filter: Readonly<Record<string, string>>;
}

export interface CreateProjectRequest {
  /** name must be 1 to 63 lower-case letters (a-z), digits and hyphens, and begin and end with a letter or a digit */
  readonly name: string;
  readonly description?: string | null;
}

export interface ProjectDeletedResponse {
  readonly id: string;
  readonly message: string;
}

export interface RoleBindingResponse {
  readonly id: string;
  /** Follows from principal, workspace and role */
  readonly name: string;
  readonly principal: string;
  readonly workspace: string;
  readonly role: string;
  readonly granted_by: string;
  readonly granted_at: string;
  readonly revoked_by: string | null;
  readonly revoked_at: string | null;
  readonly is_active: boolean;
  /** What may have been meant instead */
  readonly hint?: string;
  /** Only when the client asked to wait: whether the change is known wherever decisions are made. It holds either way */
  readonly role_propagation_confirmed?: boolean;
}

export interface RoleBindingPageResponse {
  readonly data: readonly RoleBindingResponse[];
  readonly pagination: Pagination;
  readonly sort: string;
  readonly filter: Readonly<Record<string, string>>;
}

export interface CreateRoleBindingRequest {
  /** principal must be an e-mail address, the id of a user or client, group:<name>, service:<name>, or * for everybody */
  readonly principal: string;
  readonly workspace?: string;
  readonly role: string;
}

export interface RoleBindingRevokedResponse {
  readonly id: string;
  /** Only when the client asked to wait: whether the change is known wherever decisions are made. It holds either way */
  readonly role_propagation_confirmed?: boolean;
}

export interface AuditEventResponse {
  /** Orders events of the same moment */
  readonly id: string;
  readonly at: string;
  readonly action: 'workspace.created' | 'workspace.deleted' | 'member.added' | 'member.changed' | 'member.removed' | 'role_binding.created' | 'role_binding.revoked' | 'project.created' | 'project.deleted' | 'access_key.created' | 'access_key.rotated' | 'access_key.revoked' | 'log_level.changed' | 'token.exchanged' | 'request.refused' | 'refusals.lost';
  readonly decision: 'allowed' | 'refused';
  /** Why it was refused: the code of the error */
  readonly reason: string | null;
  /** Id of who did it; null when nobody knows */
  readonly actor: string | null;
  readonly actor_email: string | null;
  /** user, client, service or anonymous */
  readonly actor_kind: string | null;
  /** Who issued the identity */
  readonly actor_issuer: string | null;
  /** Who made the request for the actor, where that is somebody else */
  readonly via: string | null;
  readonly workspace: string | null;
  /** Whom or what it was about: a principal, a project, or the path of a request */
  readonly target: string | null;
  /** The X-Request-Id of the answer */
  readonly request_id: string | null;
  /** How often it happened, where that is counted */
  readonly count: number;
  readonly details: Readonly<Record<string, unknown>>;
}

export interface AuditEventPageResponse {
  readonly data: readonly AuditEventResponse[];
  readonly pagination: Pagination;
  readonly sort: string;
  readonly filter: Readonly<Record<string, string>>;
}
