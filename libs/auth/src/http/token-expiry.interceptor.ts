import { type CallHandler, type ExecutionContext, Inject, Injectable, type NestInterceptor } from '@nestjs/common';
import { InvalidTokenError } from '@nmp/tokens';
import { Observable } from 'rxjs';
import { AuthConfig } from '../auth-config.js';
import { Clock } from '../clock.js';
import { NEVER_MS, sessionEndMs } from '../sockets/session-end.js';
import { atTime } from '../token/deadline.js';
import { authErrorBody } from './auth-http.exception.js';
import { principalOfContext } from './request-principal.js';

/** Ends a stream of server-sent events when the token expires that it was opened with; the last event says so. */
@Injectable()
export class TokenExpiryInterceptor implements NestInterceptor {
  constructor(
    @Inject(AuthConfig) private readonly config: AuthConfig,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const principal = principalOfContext(context);
    const endMs = principal === undefined ? NEVER_MS : sessionEndMs(principal, this.config);
    return endMs >= NEVER_MS ? next.handle() : this.until(endMs, next.handle());
  }

  private until(endMs: number, events: Observable<unknown>): Observable<unknown> {
    return new Observable((subscriber) => {
      const callOff = atTime(this.clock, endMs, () => {
        subscriber.next({ type: 'auth', data: authErrorBody(new InvalidTokenError('expired')) });
        subscriber.complete();
      });
      const subscription = events.subscribe(subscriber);
      return () => {
        callOff();
        subscription.unsubscribe();
      };
    });
  }
}
