import { Inject, Injectable } from '@nestjs/common';
import { AuthConfig } from '@nmp/auth';
import { MissingTokenError, type Principal } from '@nmp/tokens';
import { type Caller, callerOf } from './caller.js';

/** The issuer of a principal that came in a gateway's headers: nobody signed it. A token always has one. */
const GATEWAY = '';

/** Turns verified principals into callers, knowing which issuers' users the role bindings speak of. */
@Injectable()
export class Callers {
  private readonly sharingIssuers: ReadonlySet<string>;

  constructor(@Inject(AuthConfig) private readonly config: AuthConfig) {
    const { issuers, trustedHeaders } = config;
    const sharing = issuers.filter(({ sharesUsers }) => sharesUsers).map(({ issuer }) => issuer);
    // A gateway that is trusted to say who somebody is speaks of the same people as the main issuer.
    this.sharingIssuers = new Set(trustedHeaders === undefined ? sharing : [...sharing, GATEWAY]);
  }

  /** @throws {MissingTokenError} for nobody, unless authentication is switched off: then nobody may do everything. */
  of(principal: Principal): Caller {
    if (principal.kind === 'anonymous' && this.config.enabled) throw new MissingTokenError();
    return callerOf(principal, this.sharesUsers(principal));
  }

  /** Whether the principal is one of those that role bindings speak of. */
  sharesUsers({ kind, issuer }: Principal): boolean {
    return kind === 'anonymous' || kind === 'service' || this.sharingIssuers.has(issuer);
  }
}
