import { type CallHandler, type ExecutionContext, Inject, Injectable, type NestInterceptor } from '@nestjs/common';
import { isAuthError } from '@nmp/tokens';
import type { FastifyRequest } from 'fastify';
import { catchError, type Observable } from 'rxjs';
import { errorBody } from '../http/error-body.js';
import { noteRefusalCode } from '../http/refusal-code.js';
import { RefusalListener } from '../http/refusal-listener.js';

/** Sees what handlers refuse themselves: the auth module answers that, and the service's own filter never hears of it. */
@Injectable()
export class RefusalInterceptor implements NestInterceptor {
  constructor(@Inject(RefusalListener) private readonly listener: RefusalListener) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const seen = (error: unknown): never => {
      if (isAuthError(error)) {
        const request = context.switchToHttp().getRequest<FastifyRequest>();
        noteRefusalCode(request, error.code);
        this.listener.refused(request, errorBody(error.status, error.detail, error.code), error);
      }
      throw error;
    };
    return next.handle().pipe(catchError(seen));
  }
}
