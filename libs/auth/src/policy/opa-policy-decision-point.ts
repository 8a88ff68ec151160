import { type KnownIssuers, permissionsInputOf } from './permissions-input.js';
import type { PermissionQuery, PolicyDecisionPoint } from './policy-decision-point.js';
import { PolicyServer, type PolicyServerOptions } from './policy-server.js';

export interface OpaPolicyOptions extends PolicyServerOptions {
  /** The package of the rules. @default authz */
  package?: string;
  /** What OPA itself wants to see, where it asks for it (`--authentication=token`). */
  token?: string;
}

/**
 * Asks an Open Policy Agent: `POST /v1/data/authz/has_permissions`. A decision that is undefined there is none.
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
    this.server = new PolicyServer(options, `/v1/data/${rules.replaceAll('.', '/')}/has_permissions`);
    this.headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  }

  /**
   * @throws {PolicyTimeoutError} when there is no answer in time.
   * @throws {PolicyUnavailableError} when there is no decision.
   */
  hasPermissions(query: PermissionQuery): Promise<boolean> {
    return this.server.ask(permissionsInputOf(query, this.issuers), 'allowed', this.headers);
  }
}
