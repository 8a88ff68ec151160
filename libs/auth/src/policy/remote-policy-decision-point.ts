import { allowInput, permissionsInput } from '@nmp/tokens';
import { type KnownIssuers, policyCallerOf } from './known-users.js';
import type { PermissionQuery, PolicyDecisionPoint, RequestQuery } from './policy-decision-point.js';
import { PolicyServer, type PolicyServerOptions } from './policy-server.js';
import { type ServiceCredentials, ServiceToken } from './service-token.js';

export interface RemotePolicyOptions extends PolicyServerOptions {
  /** How this service shows the platform who it is. */
  credentials: ServiceCredentials;
}

/** Asks a platform service: `POST /apis/auth/v2/authz/{entrypoint}`, as a service that the platform knows. */
export class RemotePolicyDecisionPoint implements PolicyDecisionPoint {
  private readonly server: PolicyServer;
  private readonly token: ServiceToken;

  /** @param issuers The application's `AuthConfig`, which knows whose users role bindings speak of. */
  constructor(
    { credentials, ...options }: RemotePolicyOptions,
    private readonly issuers: KnownIssuers,
  ) {
    this.server = new PolicyServer(options, '/apis/auth/v2/authz');
    this.token = new ServiceToken(credentials, options);
  }

  /**
   * @throws {PolicyTimeoutError} when there is no answer in time.
   * @throws {PolicyUnavailableError} when there is no decision, or no token to ask with.
   */
  hasPermissions({ principal, permissions, workspace }: PermissionQuery): Promise<boolean> {
    const caller = policyCallerOf(principal, this.issuers);
    return this.ask('has_permissions', permissionsInput({ caller, permissions, workspace }));
  }

  /** Whether the principal may make an HTTP request, by the platform's endpoint table. @throws as above. */
  allows({ principal, method, path }: RequestQuery): Promise<boolean> {
    const caller = policyCallerOf(principal, this.issuers);
    return this.ask('allow', allowInput({ caller, method, path }));
  }

  private async ask(entrypoint: string, input: object): Promise<boolean> {
    const authorization = `Bearer ${await this.token.get()}`;
    return this.server.ask(entrypoint, input, 'allowed', { authorization });
  }
}
