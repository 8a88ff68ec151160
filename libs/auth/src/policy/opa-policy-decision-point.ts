import { allowInput, permissionsInput, type PolicyCaller, roleInput } from '@nmp/tokens';
import { type KnownIssuers, policyCallerOf } from './known-users.js';
import type { PermissionQuery, PolicyDecisionPoint, RequestQuery } from './policy-decision-point.js';
import { PolicyServer, type PolicyServerOptions } from './policy-server.js';

export interface OpaPolicyOptions extends PolicyServerOptions {
  /** The package of the rules. @default authz */
  package?: string;
  /** What OPA itself wants to see, where it asks for it (`--authentication=token`). */
  token?: string;
}

/**
 * Asks an Open Policy Agent: `POST /v1/data/authz/{entrypoint}`. A decision that is undefined there is none.
 * @see https://www.openpolicyagent.org/docs/rest-api#get-a-document-with-input
 */
export class OpaPolicyDecisionPoint implements PolicyDecisionPoint {
  private readonly server: PolicyServer;
  private readonly headers: Readonly<Record<string, string>>;

  /** @param issuers The application's `AuthConfig`, which knows whose users role bindings speak of. */
  constructor(
    { package: rules = 'authz', token, ...options }: OpaPolicyOptions,
    private readonly issuers: KnownIssuers,
  ) {
    this.server = new PolicyServer(options, `/v1/data/${rules.replaceAll('.', '/')}`);
    this.headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  }

  /**
   * @throws {PolicyTimeoutError} when there is no answer in time.
   * @throws {PolicyUnavailableError} when there is no decision.
   */
  hasPermissions({ principal, permissions, workspace }: PermissionQuery): Promise<boolean> {
    const caller = policyCallerOf(principal, this.issuers);
    return this.ask('has_permissions', permissionsInput({ caller, permissions, workspace }), 'allowed');
  }

  /** Whether the principal may make an HTTP request, by the endpoint table of the policy. @throws as above. */
  allows({ principal, method, path }: RequestQuery): Promise<boolean> {
    const caller = policyCallerOf(principal, this.issuers);
    return this.ask('allow', allowInput({ caller, method, path }), 'allowed');
  }

  /** Whether a binding gives the caller exactly this role in the workspace. @throws as above. */
  hasRole(caller: PolicyCaller, workspace: string, role: string): Promise<boolean> {
    return this.ask('has_role', roleInput({ caller, workspace, role }), 'has_role');
  }

  private ask(entrypoint: string, input: object, member: string): Promise<boolean> {
    return this.server.ask(entrypoint, input, member, this.headers);
  }
}
