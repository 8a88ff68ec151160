import { AskedDecisionPoint } from './asked-decision-point.js';
import type { KnownIssuers } from './known-users.js';
import { PolicyServer, type PolicyServerOptions } from './policy-server.js';
import { type ServiceCredentials, ServiceToken } from './service-token.js';

export interface RemotePolicyOptions extends PolicyServerOptions {
  /** How this service shows the platform who it is. */
  credentials: ServiceCredentials;
}

/** Asks a platform service: `POST /apis/auth/v2/authz/{entrypoint}`, as a service that the platform knows. */
export class RemotePolicyDecisionPoint extends AskedDecisionPoint {
  private readonly server: PolicyServer;
  private readonly token: ServiceToken;

  /** @param issuers The application's `AuthConfig`, which knows whose users role bindings speak of. */
  constructor({ credentials, ...options }: RemotePolicyOptions, issuers: KnownIssuers) {
    super(issuers);
    this.server = new PolicyServer(options, '/apis/auth/v2/authz');
    this.token = new ServiceToken(credentials, options);
  }

  protected override async ask(entrypoint: string, input: object, member: string): Promise<boolean> {
    const authorization = `Bearer ${await this.token.get()}`;
    return this.server.ask(entrypoint, input, member, { authorization });
  }
}
