import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '@nmp/auth';
import { InvalidTokenError, mintedClaimsOf, type Principal } from '@nmp/tokens';
import { PLATFORM_CONFIG } from '../config/config.module.js';
import type { PlatformConfig } from '../config/platform-config.js';
import { Callers } from '../policy/callers.service.js';
import { TokenMint } from './token-mint.service.js';

interface IssuedToken {
  readonly token: string;
  readonly reusableUntilMs: number;
}

/**
 * Issues hop tokens: a caller's verified identity for one service behind the gateway, for the time that a request takes.
 * A caller gets the same one again during the first half of its life, so that neither signing nor verifying it is done
 * for each request.
 */
@Injectable()
export class HopTokens {
  // Verified principals are remembered by the verifier: a token is found again as long as it is.
  private readonly issued = new WeakMap<Principal, Map<string, IssuedToken>>();

  constructor(
    @Inject(PLATFORM_CONFIG) private readonly config: Pick<PlatformConfig, 'hopTokens'>,
    @Inject(TokenMint) private readonly mint: TokenMint,
    @Inject(Callers) private readonly callers: Callers,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** Whether the configuration names the service. */
  isKnown(audience: string): boolean {
    return this.config.hopTokens?.audiences.includes(audience) ?? false;
  }

  /**
   * A token of the principal for a service that {@link isKnown}. It never outlives the token that the principal came with.
   * @throws {InvalidTokenError} when that one has ended: the tolerance of clocks does not count twice.
   */
  async tokenFor(principal: Principal, audience: string): Promise<string> {
    if (principal.expiresAt <= this.clock.now()) throw new InvalidTokenError('expired');
    const tokens = this.issued.get(principal) ?? new Map<string, IssuedToken>();
    this.issued.set(principal, tokens);
    const known = tokens.get(audience);
    if (known !== undefined && this.clock.now().getTime() < known.reusableUntilMs) return known.token;
    const { token, issuedAt, expiresAt } = await this.mint.mint({
      kind: 'hop',
      audience,
      lifeSeconds: this.config.hopTokens?.lifeSeconds ?? 0,
      endsBy: principal.expiresAt,
      claims: mintedClaimsOf(principal, this.callers.sharesUsers(principal)),
    });
    tokens.set(audience, { token, reusableUntilMs: ((issuedAt + expiresAt) / 2) * 1000 });
    return token;
  }
}
