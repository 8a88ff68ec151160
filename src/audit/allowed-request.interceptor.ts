import {
  type CallHandler,
  type ExecutionContext,
  Inject,
  Injectable,
  Logger,
  type NestInterceptor,
} from '@nestjs/common';
import { principalOfRequest } from '@nmp/auth';
import type { FastifyRequest } from 'fastify';
import { type Observable, tap } from 'rxjs';
import { LogLevelSwitch } from '../logging/log-level-switch.js';
import { writtenName } from '../written-text.js';
import { requestWorkspace } from './request-workspace.js';

/** Tells the log of every request that somebody was allowed to make. There are many: for `debug` alone. */
@Injectable()
export class AllowedRequestInterceptor implements NestInterceptor {
  private readonly logger = new Logger('Access');

  constructor(@Inject(LogLevelSwitch) private readonly levels: LogLevelSwitch) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (this.levels.level !== 'debug') return next.handle();
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    return next.handle().pipe(tap({ complete: () => this.log(request) }));
  }

  private log(request: FastifyRequest): void {
    const principal = principalOfRequest(request);
    if (principal === undefined || principal.kind === 'anonymous') return;
    const actor = principal.onBehalfOf?.id ?? principal.id;
    const via = principal.onBehalfOf === undefined ? '' : ` via ${writtenName(principal.id)}`;
    const workspace = requestWorkspace(request);
    const where = workspace === undefined ? '' : ` in ${workspace}`;
    const what = `${request.method} ${request.routeOptions.url ?? ''}`;
    this.logger.debug(`Allowed ${writtenName(actor)}${via}: ${what}${where}, request ${request.id}`);
  }
}
