import {
  type AuthorizationCredentials,
  isAuthError,
  parseAuthorization,
  parseBearerToken,
  type Principal,
} from '@nmp/tokens';
import { Inject, Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import passport from 'passport';
import { Strategy } from 'passport-jwt';
import { ProofOfPossession } from '../possession/proof-of-possession.js';
import type { Carrier } from './carrier.js';
import { AccessTokenVerifier } from './access-token-verifier.js';
import { CallerReports } from './caller-reports.js';

/** What passport adds to a strategy for the time of one attempt. */
interface Attempt {
  success(principal: Principal): void;
  fail(challenge: unknown, status?: number): void;
  error(error: unknown): void;
}

/**
 * The passport strategy `jwt`: passport-jwt with its own `authenticate`, which verifies on the thread pool and with the
 * rules of `AccessTokenVerifier`. Every way in – HTTP or another transport – goes through it.
 */
@Injectable()
export class JwtStrategy extends PassportStrategy(Strategy, 'jwt') {
  constructor(
    @Inject(AccessTokenVerifier) private readonly verifier: AccessTokenVerifier,
    @Inject(ProofOfPossession) private readonly possession: ProofOfPossession,
    @Inject(CallerReports) private readonly reports: CallerReports,
  ) {
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
      this.verdictOn(carrier).then(
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
   * @param isForGuard Whether it is asked by a guard, which tells the listeners of `AuthEvents` itself.
   * @throws {AuthError} why there is no principal.
   */
  run(carrier: Carrier, isForGuard = false): Principal | Promise<Principal> {
    return isForGuard || !this.reports.isWanted ? this.principalOf(carrier) : this.reported(carrier);
  }

  private async reported(carrier: Carrier): Promise<Principal> {
    try {
      const principal = await this.principalOf(carrier);
      this.reports.authenticated(principal, 'direct');
      return principal;
    } catch (error) {
      if (isAuthError(error)) this.reports.refused(error, 'direct');
      throw error;
    }
  }

  private principalOf(carrier: Carrier): Principal | Promise<Principal> {
    const { authorization } = carrier.headers;
    // A token that was verified before need not be looked at again, letter by letter.
    if (typeof authorization === 'string' && authorization.startsWith('Bearer ')) {
      const recalled = this.verifier.recall(authorization.slice(7));
      if (recalled !== undefined) return recalled;
    }
    return this.attempt(carrier);
  }

  private verdictOn({ headers: { authorization }, request }: Carrier): Promise<Principal> {
    if (!this.possession.isOffered) return this.verifier.verify(parseBearerToken(authorization));
    return this.verdictOnBound(parseAuthorization(authorization, this.possession.schemes), request);
  }

  private async verdictOnBound(credentials: AuthorizationCredentials, request: object | undefined): Promise<Principal> {
    const { token } = credentials;
    const principal = await (this.verifier.recallBound(token) ?? this.verifier.verify(token));
    return this.possession.confirm(principal, credentials, request);
  }

  private attempt(carrier: Carrier): Promise<Principal> {
    return new Promise((resolve, reject) => {
      const outcome = { success: resolve, fail: reject, error: reject } satisfies Attempt;
      const attempt: JwtStrategy & Attempt = Object.assign(Object.create(this) as JwtStrategy, outcome);
      attempt.authenticate(carrier);
    });
  }
}
