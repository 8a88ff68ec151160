import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { AccessDeniedError, anonymousPrincipal, type AuthError, isAuthError, type Principal } from '@nmp/tokens';
import { AuthConfig } from '../auth-config.js';
import { dropIdentityHeaders, httpCarrier, type HttpRequest } from '../carriers/http.js';
import { JwtStrategy } from '../token/jwt.strategy.js';
import { RefusalLog } from '../token/refusal-log.js';
import { AuthHttpErrors } from './auth-error.filter.js';
import { attachPrincipal } from './request-principal.js';
import { RouteRulesCache } from './route-rules.js';

/**
 * Lets nobody pass to a handler without a principal, unless the handler is `@Public()`. A kind of context that is not
 * known is refused. Answers at once, without a promise, when the token was verified before.
 */
@Injectable()
export class AuthGuard implements CanActivate {
  private readonly rules = new RouteRulesCache();

  constructor(
    @Inject(AuthConfig) private readonly config: AuthConfig,
    @Inject(JwtStrategy) private readonly strategy: JwtStrategy,
    @Inject(AuthHttpErrors) private readonly errors: AuthHttpErrors,
    @Inject(RefusalLog) private readonly refusals: RefusalLog,
  ) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const { access } = this.rules.get(context.getHandler(), context.getClass());
    if (context.getType() !== 'http') return this.activateUnknown(access === 'public');

    const request = context.switchToHttp().getRequest<HttpRequest>();
    dropIdentityHeaders(request);
    if (access === 'public' || !this.config.enabled) return this.admit(request, anonymousPrincipal);
    try {
      const verdict = this.strategy.run(httpCarrier(request));
      if (!(verdict instanceof Promise)) return this.admit(request, verdict);
      return verdict.then(
        (principal) => this.admit(request, principal),
        (error: unknown) => this.refuse(error, context),
      );
    } catch (error) {
      if (access === 'optional' && isMissingToken(error)) return this.admit(request, anonymousPrincipal);
      return this.refuse(error, context);
    }
  }

  private admit(request: object, principal: Principal): true {
    attachPrincipal(request, principal);
    return true;
  }

  private refuse(error: unknown, context: ExecutionContext): never {
    if (isAuthError(error)) this.refusals.note(error);
    throw this.errors.toHttp(error, context.switchToHttp().getResponse());
  }

  private activateUnknown(isPublic: boolean): boolean {
    if (isPublic || !this.config.enabled) return true;
    throw new AccessDeniedError('This transport carries no credentials that are understood here');
  }
}

function isMissingToken(error: unknown): error is AuthError {
  return isAuthError(error) && error.code === 'missing_token';
}
