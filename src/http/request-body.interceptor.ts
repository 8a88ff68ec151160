import { type CallHandler, type ExecutionContext, Inject, Injectable, type NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Observable } from 'rxjs';
import { expectsContinue } from './request-head.js';
import { UnreadBody } from './unread-body.js';
import { WithoutBody } from './without-body.decorator.js';

/** Reads the body of a request that the guards have let pass: nobody else gets to make the service wait for one. */
@Injectable()
export class RequestBodyInterceptor implements NestInterceptor {
  constructor(@Inject(Reflector) private readonly reflector: Reflector) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    if (request.body instanceof UnreadBody && !this.reflector.get(WithoutBody, context.getClass())) {
      const reply = http.getResponse<FastifyReply>();
      try {
        request.body = await request.body.json(() => {
          if (expectsContinue(request.raw)) reply.raw.writeContinue();
        });
      } catch (error) {
        // The rest of the body is of no interest, and there may be much of it.
        reply.header('Connection', 'close');
        throw error;
      }
    }
    return next.handle();
  }
}
