import { type CallHandler, type ExecutionContext, Inject, Injectable, type NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { OpaPolicyDecisionPoint, principalOfRequest, RefusalLog } from '@nmp/auth';
import { AccessDeniedError, isAuthError, MissingTokenError, type Principal } from '@nmp/tokens';
import type { FastifyRequest } from 'fastify';
import type { Observable } from 'rxjs';
import { Callers } from '../callers.service.js';
import { WithoutPolicyServer } from './without-policy-server.decorator.js';

/**
 * Lets a request pass if the Open Policy Agent allows it. What the roles say is decided again where it is used. No guard,
 * for it must not come before the one that finds out who is asking.
 */
@Injectable()
export class RequestDecisionInterceptor implements NestInterceptor {
  constructor(
    @Inject(OpaPolicyDecisionPoint) private readonly opa: OpaPolicyDecisionPoint,
    @Inject(Callers) private readonly callers: Callers,
    @Inject(Reflector) private readonly reflector: Reflector,
    @Inject(RefusalLog) private readonly refusals: RefusalLog,
  ) {}

  /** @throws {AccessDeniedError} when it says no; {PolicyUnavailableError | PolicyTimeoutError} when it says nothing. */
  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const principal = principalOfRequest(request);
    if (principal === undefined) throw new MissingTokenError();
    const isExempt: boolean | undefined = this.reflector.get(WithoutPolicyServer, context.getClass());
    // The guard has let nobody pass as nobody, unless the route is public or authentication is off.
    const isAllowed =
      isExempt || principal.kind === 'anonymous' || (await this.isAllowed(this.callers.known(principal), request));
    if (!isAllowed) throw new AccessDeniedError();
    return next.handle();
  }

  /** Whoever asks is told only that there is no decision; the operator hears why. */
  private async isAllowed(principal: Principal, { method, url: path }: FastifyRequest): Promise<boolean> {
    try {
      return await this.opa.allows({ principal, method, path });
    } catch (error) {
      if (isAuthError(error)) this.refusals.note(error);
      throw error;
    }
  }
}
