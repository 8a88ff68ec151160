import { randomUUID } from 'node:crypto';
import { MINTED_TOKEN_TYPES } from '@nmp/tokens';
import type { AuthConfig } from '../auth-config.js';
import type { Clock } from '../clock.js';
import type { IssuerConfig } from '../issuer-config.js';
import { accessClaimsOf, hopClaimsOf } from './caller-claims.js';
import { type Container, testedApps } from './tested-apps.js';
import type { PlayedIssuers } from './played-issuers.js';
import type { TestCaller } from './test-caller.js';

/**
 * The callers of one tested application: makes the tokens that it accepts, really signed, for whatever way they are sent.
 * @example
 * const callers = TestCallers.of(app);
 * const headers = callers.headers({ email: 'alice@example.com', scopes: ['reports:read'] });
 */
export class TestCallers {
  constructor(
    private readonly issuers: PlayedIssuers,
    private readonly config: AuthConfig,
    private readonly clock: Clock,
  ) {}

  /**
   * The callers of an application of any kind: HTTP, microservice, or a testing module.
   * @throws {Error} when it has neither `authTestingModule()` nor `authTestingConfig()`
   */
  static of(app: Container): TestCallers {
    return testedApps.callersOf(app);
  }

  /** Makes a token. Good, unless the caller says otherwise. */
  token(caller: TestCaller = {}): string {
    const issuer = this.issuers.get(caller.issuer);
    const { expiresInSeconds = 300 } = caller;
    const now = Math.floor(this.clock.now().getTime() / 1000);
    const isAccess = issuer.kind === 'access';
    return this.issuers.sign(
      { typ: isAccess ? 'at+jwt' : MINTED_TOKEN_TYPES[issuer.kind] },
      {
        iss: issuer.issuer,
        aud: caller.audience ?? this.audienceOf(issuer),
        jti: randomUUID(),
        iat: now + Math.min(0, expiresInSeconds - 1),
        exp: now + expiresInSeconds,
        ...(isAccess ? accessClaimsOf(caller, issuer, this.partyOf(issuer)) : hopClaimsOf(caller, now)),
        ...caller.claims,
      },
    );
  }

  /** The headers of a request with such a token. */
  headers(caller: TestCaller = {}): { authorization: string } {
    return { authorization: `Bearer ${this.token(caller)}` };
  }

  private audienceOf(issuer: IssuerConfig): string | undefined {
    const { audience } = issuer.expectations;
    return audience === false ? this.partyOf(issuer) : audience[0];
  }

  private partyOf({ expectations }: IssuerConfig): string | undefined {
    return expectations.authorizedParties?.[0] ?? this.config.published?.clientId;
  }
}
