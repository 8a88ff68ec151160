import { Inject, Injectable } from '@nestjs/common';
import { AuthConfig, policyCallerOf, sharesUsers } from '@nmp/auth';
import { MissingTokenError, type PolicyCaller, type Principal } from '@nmp/tokens';
import { PLATFORM_CONFIG } from '../config/config.module.js';
import type { PlatformConfig } from '../config/platform-config.js';
import { type Caller, callerOf } from './caller.js';

/** Turns verified principals into callers, knowing which issuers' users the role bindings speak of. */
@Injectable()
export class Callers {
  // Decisions are remembered by the caller, so that the same principal has to be the same caller again.
  private readonly policyCallers = new WeakMap<Principal, PolicyCaller>();

  constructor(
    @Inject(AuthConfig) private readonly config: AuthConfig,
    @Inject(PLATFORM_CONFIG) private readonly platform: Pick<PlatformConfig, 'policy'>,
  ) {}

  /**
   * The caller of a request.
   * @param requestId of what changes something, so that the change can be traced to its request
   * @throws {MissingTokenError} for nobody, unless authentication is switched off: then nobody may do everything.
   */
  of(principal: Principal, requestId?: string): Caller {
    if (principal.kind === 'anonymous' && this.config.enabled) throw new MissingTokenError();
    const caller = callerOf(this.known(principal), this.sharesUsers(principal));
    return requestId === undefined ? caller : { ...caller, requestId };
  }

  /** The principal as the policy is asked about it. */
  forPolicy(principal: Principal): PolicyCaller {
    const made = this.policyCallers.get(principal);
    if (made !== undefined) return made;
    const caller = Object.freeze(policyCallerOf(this.known(principal), this.config));
    this.policyCallers.set(principal, caller);
    return caller;
  }

  /** Whether the principal is one of those that role bindings speak of. */
  sharesUsers(principal: Principal): boolean {
    return sharesUsers(principal, this.config);
  }

  /** The principal without what its provider says of the e-mail address, where that does not matter. */
  known(principal: Principal): Principal {
    if (!this.platform.policy.acceptUnverifiedEmail || principal.emailVerified !== false) return principal;
    const { emailVerified: _unverified, ...known } = principal;
    return known;
  }
}
