import {
  AccessDeniedError,
  InvalidRequestError,
  parseBearerToken,
  type Principal,
  principalOfIdentityHeaders,
  principalOfUnsignedClaims,
  principalOfUnsignedToken,
  UNSIGNED_TOKENS,
  unsignedClaims,
  type UnsignedTimes,
} from '@nmp/tokens';
import { PassportStrategy } from '@nestjs/passport';
import passport from 'passport';
import type { AuthConfig } from '../auth-config.js';
import { httpCarrier, type HttpRequest } from '../carriers/http.js';
import type { Clock } from '../clock.js';
import { identityHeaderValues } from '../http/identity-header-values.js';
import { foreignSign } from './local-request.js';

/** What passport adds to a strategy for the time of one attempt. */
interface Attempt {
  success(principal: Principal): void;
  fail(challenge: unknown): void;
}

/**
 * The passport strategy of `allowUnsignedJwt`: who sends a request from this machine is who they say to be, in a token
 * that nobody signed or in `X-NMP-Principal-Id`. The strategy of signed tokens knows nothing of it.
 */
export class UnsignedStrategy extends PassportStrategy(passport.Strategy, 'unsigned') {
  constructor(
    private readonly config: AuthConfig,
    private readonly clock: Clock,
  ) {
    super();
  }

  /** A passport of its own, as for signed tokens: the process-wide one must not come to know this strategy. */
  getPassportInstance(): passport.Authenticator {
    return new passport.Passport();
  }

  override authenticate(request: unknown): void {
    const attempt = this as unknown as Attempt; // passport adds it to a strategy that it runs
    try {
      attempt.success(this.principalOfToken(request as HttpRequest)); // passport hands on what it was given
    } catch (error) {
      attempt.fail(error);
    }
  }

  /** The verdict is complete when `authenticate` has it. */
  validate(principal: Principal): Principal {
    return principal;
  }

  /**
   * Who the unsigned token of a request names.
   * @throws {AccessDeniedError} The request may come from somewhere else than this machine.
   * @throws {InvalidTokenError} with the reason why the token is refused.
   */
  principalOfToken(request: HttpRequest): Principal {
    const token = parseBearerToken(httpCarrier(request).headers.authorization);
    requireLocal(request);
    return principalOfUnsignedToken(token, this.times());
  }

  /**
   * Who `X-NMP-Principal-Id` names; `undefined` when it is not there.
   * @throws {AccessDeniedError} The request may come from somewhere else than this machine.
   * @throws {InvalidRequestError} It is no e-mail address, or more is said than a token could say.
   */
  principalOfHeaders(request: HttpRequest): Principal | undefined {
    const values = identityHeaderValues(request);
    if (values['X-NMP-Principal-Id'] === undefined) return undefined;
    requireLocal(request);
    const named = principalOfIdentityHeaders(values);
    if (named === undefined) return undefined;
    const { id: email, groups, scopes } = named;
    if (!/^[^@\s]+@[^@\s]+$/.test(email)) throw broken('X-NMP-Principal-Id must be an e-mail address here');
    if ((named.email ?? email) !== email) throw broken('X-NMP-Principal-Email must be that of X-NMP-Principal-Id here');
    if (named.onBehalfOf !== undefined) throw broken('X-NMP-Principal-On-Behalf-Of is not taken here');
    const times = this.times();
    return principalOfUnsignedClaims(
      unsignedClaims({ email, groups, scopes }, times.nowSeconds, UNSIGNED_TOKENS.maxLifeSeconds),
      times,
    );
  }

  private times(): UnsignedTimes {
    const { clockToleranceSeconds, maxTokenAgeSeconds } = this.config;
    return { nowSeconds: this.clock.now().getTime() / 1000, clockToleranceSeconds, maxTokenAgeSeconds };
  }
}

function requireLocal(request: HttpRequest): void {
  const sign = foreignSign(request);
  if (sign !== undefined) {
    throw new AccessDeniedError(`An unsigned identity is for programs on this machine alone, and ${sign}`);
  }
}

function broken(rule: string): InvalidRequestError {
  const message = `Header ${rule}`;
  return new InvalidRequestError(message, { detail: message });
}
