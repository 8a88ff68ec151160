import { type PolicyCaller, roleInput } from '@nmp/tokens';
import { AskedDecisionPoint } from './asked-decision-point.js';
import type { KnownIssuers } from './known-users.js';
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
export class OpaPolicyDecisionPoint extends AskedDecisionPoint {
  private readonly server: PolicyServer;
  private readonly headers: Readonly<Record<string, string>>;

  /** @param issuers The application's `AuthConfig`, which knows whose users role bindings speak of. */
  constructor({ package: rules = 'authz', token, ...options }: OpaPolicyOptions, issuers: KnownIssuers) {
    super(issuers);
    this.server = new PolicyServer(options, `/v1/data/${rules.replaceAll('.', '/')}`);
    this.headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  }

  /** Whether a binding gives the caller exactly this role in the workspace. @throws as {@link hasPermissions}. */
  hasRole(caller: PolicyCaller, workspace: string, role: string): Promise<boolean> {
    return this.ask('has_role', roleInput({ caller, workspace, role }), 'has_role');
  }

  protected override ask(entrypoint: string, input: object, member: string): Promise<boolean> {
    return this.server.ask(entrypoint, input, member, this.headers);
  }
}
