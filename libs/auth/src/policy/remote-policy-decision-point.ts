import { type KnownIssuers, permissionsInputOf } from './permissions-input.js';
import type { PermissionQuery, PolicyDecisionPoint } from './policy-decision-point.js';
import { PolicyServer, type PolicyServerOptions } from './policy-server.js';
import { type ServiceCredentials, ServiceToken } from './service-token.js';

export interface RemotePolicyOptions extends PolicyServerOptions {
  /** How this service shows the platform who it is. */
  credentials: ServiceCredentials;
}

/** Asks a platform service: `POST /apis/auth/v2/authz/has_permissions`, as a service that the platform knows. */
export class RemotePolicyDecisionPoint implements PolicyDecisionPoint {
  private readonly server: PolicyServer;
  private readonly token: ServiceToken;

  /** @param issuers The application's `AuthConfig`, which knows whose users role bindings speak of. */
  constructor(
    { credentials, ...options }: RemotePolicyOptions,
    private readonly issuers: KnownIssuers,
  ) {
    this.server = new PolicyServer(options, '/apis/auth/v2/authz/has_permissions');
    this.token = new ServiceToken(credentials, options);
  }

  /**
   * @throws {PolicyTimeoutError} when there is no answer in time.
   * @throws {PolicyUnavailableError} when there is no decision, or no token to ask with.
   */
  async hasPermissions(query: PermissionQuery): Promise<boolean> {
    const authorization = `Bearer ${await this.token.get()}`;
    return this.server.ask(permissionsInputOf(query, this.issuers), 'allowed', { authorization });
  }
}
