import { isUnsignedToken, type Principal } from '@nmp/tokens';
import type { AuthConfig } from '../auth-config.js';
import type { HttpRequest } from '../carriers/http.js';
import type { Clock } from '../clock.js';
import { CallerIdentification } from '../http/caller-identification.js';
import type { JwtStrategy } from '../token/jwt.strategy.js';
import { UnsignedStrategy } from './unsigned.strategy.js';

/** Finds out who makes a request where `allowUnsignedJwt` is set: whatever is signed goes the way it always goes. */
export class UnsignedIdentification extends CallerIdentification {
  private readonly unsigned: UnsignedStrategy;

  constructor(config: AuthConfig, strategy: JwtStrategy, clock: Clock) {
    super(config, strategy, clock);
    this.unsigned = new UnsignedStrategy(config, clock);
  }

  override identifyByToken(request: HttpRequest): Principal | Promise<Principal> {
    const { authorization } = request.headers;
    const isUnsigned = typeof authorization === 'string' && isUnsignedToken(authorization);
    return isUnsigned ? this.unsigned.principalOfToken(request) : super.identifyByToken(request);
  }

  /** A bearer token, of whatever kind, comes before the header. */
  protected override principalOfHeaders(request: HttpRequest): Principal | undefined {
    return request.headers.authorization === undefined ? this.unsigned.principalOfHeaders(request) : undefined;
  }
}
