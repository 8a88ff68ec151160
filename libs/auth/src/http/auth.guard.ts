import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import {
  acrValuesOf,
  anonymousPrincipal,
  type AuthError,
  hasAudience,
  InvalidRequestError,
  InvalidTokenError,
  isAuthError,
  meetsAuthContext,
  type Principal,
  StepUpRequiredError,
} from '@nmp/tokens';
import { AuthConfig } from '../auth-config.js';
import { dropHeaders, httpCarrier, type HttpRequest, isCutShort } from '../carriers/http.js';
import { attachState, type RequestState } from '../carriers/request-state.js';
import { Clock } from '../clock.js';
import { JwtStrategy } from '../token/jwt.strategy.js';
import { RefusalLog } from '../token/refusal-log.js';
import { AuthHttpErrors } from './auth-error.filter.js';
import { attachPrincipal, principalOfRequest } from './request-principal.js';
import { type RouteRules, routeRules } from './route-rules.js';
import { TrustedGateway } from './trusted-gateway.js';

/**
 * Lets nobody pass to a handler without a principal, unless the handler is `@Public()`. A kind of context that is not
 * known is refused. Answers at once, without a promise, when the token was verified before.
 */
@Injectable()
export class AuthGuard implements CanActivate {
  private readonly gateway: TrustedGateway | undefined;

  constructor(
    @Inject(AuthConfig) private readonly config: AuthConfig,
    @Inject(JwtStrategy) private readonly strategy: JwtStrategy,
    @Inject(AuthHttpErrors) private readonly errors: AuthHttpErrors,
    @Inject(RefusalLog) private readonly refusals: RefusalLog,
    @Inject(Clock) private readonly clock: Clock,
  ) {
    this.gateway = config.trustedHeaders && new TrustedGateway(config.trustedHeaders);
  }

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const rules = routeRules.get(context.getHandler(), context.getClass());
    if (context.getType() !== 'http') return this.activateUnknown(rules.access === 'public');

    const request = context.switchToHttp().getRequest<HttpRequest>();
    const state = attachState(request, this, context.switchToHttp().getResponse());
    if (rules.access === 'public' || !this.config.enabled) {
      this.dropTrustedHeaders(request);
      return this.admit(request, state, anonymousPrincipal);
    }
    try {
      if (isCutShort(request)) throw tooManyHeaders();
      const named = this.principalOfGateway(request);
      this.dropTrustedHeaders(request);
      if (named) return this.admitVerified(request, state, named, rules);
      const verdict = this.strategy.run(httpCarrier(request));
      if (!(verdict instanceof Promise)) return this.admitVerified(request, state, verdict, rules);
      return verdict
        .then((principal) => this.admitVerified(request, state, principal, rules))
        .catch((error: unknown) => this.conclude(error, request, state, rules));
    } catch (error) {
      return this.conclude(error, request, state, rules);
    }
  }

  /** Nobody's request passes where signing in is optional and nothing is asked of a token; every other failure refuses. */
  private conclude(error: unknown, request: object, state: RequestState, rules: RouteRules): true {
    if (rules.access === 'optional' && isMissingToken(error) && !asksOfToken(rules)) {
      return this.admit(request, state, anonymousPrincipal);
    }
    throw this.refuse(error, state.response);
  }

  /** Verifies the request of another guard, that of `AuthGuard('jwt')`. @throws {AuthError} why there is no principal. */
  verify(request: HttpRequest): Principal | Promise<Principal> {
    const known = principalOfRequest(request);
    return known === undefined || known.kind === 'anonymous' ? this.strategy.run(httpCarrier(request)) : known;
  }

  /** Logs a refusal and makes it what to throw, the headers of the answer set. */
  refuse(error: unknown, response: unknown): unknown {
    if (isAuthError(error)) this.refusals.note(error);
    return this.errors.toHttp(error, response);
  }

  private dropTrustedHeaders(request: HttpRequest): void {
    dropHeaders(request, this.gateway?.secretHeader);
  }

  private admit(request: object, state: RequestState, principal: Principal): true {
    attachPrincipal(request, state, principal);
    return true;
  }

  /** A bearer token beats the gateway's headers always. */
  private principalOfGateway(request: HttpRequest): Principal | undefined {
    return request.headers.authorization === undefined ? this.gateway?.principalOf(request) : undefined;
  }

  /** What a route asks of a token is asked again of a token that was verified before. */
  private admitVerified(
    request: object,
    state: RequestState,
    principal: Principal,
    { audiences, authContexts }: RouteRules,
  ): true {
    for (const audience of audiences) {
      if (!hasAudience(principal.claims, audience)) {
        throw new InvalidTokenError('audience', `the route needs audience ${audience.join(' or ')}`);
      }
    }
    for (const requirement of authContexts) {
      if (!meetsAuthContext(principal.claims, requirement, this.clock.now().getTime() / 1000)) {
        throw new StepUpRequiredError(acrValuesOf(requirement), requirement.maxAgeSeconds);
      }
    }
    return this.admit(request, state, principal);
  }

  private activateUnknown(isPublic: boolean): boolean {
    // Nest turns `false` into the error of the transport: RpcException, WsException, ForbiddenException.
    return isPublic || !this.config.enabled;
  }
}

function tooManyHeaders(): InvalidRequestError {
  const message = 'The request has too many headers';
  return new InvalidRequestError(message, { detail: message });
}

function asksOfToken({ audiences, authContexts }: RouteRules): boolean {
  return audiences.length > 0 || authContexts.length > 0;
}

function isMissingToken(error: unknown): error is AuthError {
  return isAuthError(error) && error.code === 'missing_token';
}
