import { parseBearerToken, type Principal } from '@nmp/tokens';
import { Inject, Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import passport from 'passport';
import { Strategy } from 'passport-jwt';
import type { Carrier } from './carrier.js';
import { AccessTokenVerifier } from './access-token-verifier.js';

/** What passport adds to a strategy for the time of one attempt. */
interface Attempt {
  success(principal: Principal): void;
  fail(challenge: unknown, status?: number): void;
  error(error: unknown): void;
}

/**
 * The passport strategy `jwt`: passport-jwt with its own `authenticate`, which verifies on the thread pool and with the
 * rules of {@link AccessTokenVerifier}. Every way in – HTTP or another transport – goes through it.
 */
@Injectable()
export class JwtStrategy extends PassportStrategy(Strategy, 'jwt') {
  constructor(@Inject(AccessTokenVerifier) private readonly verifier: AccessTokenVerifier) {
    // passport-jwt insists on both; `authenticate` below uses neither.
    super({
      jwtFromRequest: () => null,
      secretOrKeyProvider: (_request, _token, done) => done(new Error('Keys are held by the verifier')),
    });
  }

  /** A passport of its own: the process-wide one knows one strategy by each name, so a second application would replace the first's. */
  getPassportInstance(): passport.Authenticator {
    return new passport.Passport();
  }

  override authenticate(this: JwtStrategy & Attempt, carrier: Carrier): void {
    try {
      const verdict = this.verifier.verify(parseBearerToken(carrier.headers.authorization));
      if (!(verdict instanceof Promise)) return this.success(verdict);
      verdict.then(
        (principal) => this.success(principal),
        (error: unknown) => this.fail(error),
      );
    } catch (error) {
      this.fail(error);
    }
  }

  /** The verdict is complete when `authenticate` has it. */
  validate(principal: Principal): Principal {
    return principal;
  }

  /**
   * Runs the strategy for one carrier, as passport would: at once when the token was verified before.
   * @throws {AuthError} why there is no principal.
   */
  run(carrier: Carrier): Principal | Promise<Principal> {
    let outcome: { principal: Principal } | { error: unknown } | undefined;
    let settle = (): void => {};
    const conclude = (reached: typeof outcome): void => {
      outcome = reached;
      settle();
    };
    const attempt: JwtStrategy & Attempt = Object.assign(Object.create(this) as JwtStrategy, {
      success: (principal: Principal) => conclude({ principal }),
      fail: (error: unknown) => conclude({ error }),
      error: (error: unknown) => conclude({ error }),
    });
    attempt.authenticate(carrier);

    const result = (): Principal => {
      if (outcome && 'principal' in outcome) return outcome.principal;
      throw outcome?.error;
    };
    if (outcome) return result();
    return new Promise<void>((resolve) => {
      settle = resolve;
    }).then(result);
  }
}
