import { Inject, Injectable } from '@nestjs/common';
import { AuthConfig } from '@nmp/auth';
import type { Principal } from '@nmp/tokens';
import { type Caller, callerOf } from './caller.js';

/** Turns verified principals into callers, knowing which issuers' users the role bindings speak of. */
@Injectable()
export class Callers {
  private readonly sharingIssuers: ReadonlySet<string>;

  constructor(@Inject(AuthConfig) { issuers }: AuthConfig) {
    this.sharingIssuers = new Set(issuers.filter(({ sharesUsers }) => sharesUsers).map(({ issuer }) => issuer));
  }

  of(principal: Principal): Caller {
    const isOwn = principal.kind === 'anonymous' || principal.kind === 'service';
    return callerOf(principal, isOwn || this.sharingIssuers.has(principal.issuer));
  }
}
