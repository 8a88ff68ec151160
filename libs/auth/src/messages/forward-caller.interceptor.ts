import { type CallHandler, type ExecutionContext, Inject, Injectable, type NestInterceptor } from '@nestjs/common';
import { anonymousPrincipal } from '@nmp/tokens';
import { Observable } from 'rxjs';
import { AuthConfig } from '../auth-config.js';
import { openCall } from '../carriers/call.js';
import type { HttpRequest } from '../carriers/http.js';
import { principalOfContext } from '../http/request-principal.js';
import { type CallerHeaders, type CurrentCaller, runAsCaller } from './current-caller.js';

/**
 * Makes the caller of a handler known to `AuthorizedClient.ofCaller()`, `grpcCredentialsOfCaller()` and `headersOfCaller()`, for as
 * long as the handler runs. For routes and for handlers of messages alike.
 * @example
 * @UseInterceptors(ForwardCaller)
 * @Controller('models')
 */
@Injectable()
export class ForwardCaller implements NestInterceptor {
  private readonly gatewaySecret: CallerHeaders;

  constructor(@Inject(AuthConfig) { trustedHeaders }: AuthConfig) {
    const { secretHeader, secret } = trustedHeaders ?? {};
    this.gatewaySecret = secretHeader === undefined || secret === undefined ? {} : { [secretHeader]: secret };
  }

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const caller: CurrentCaller = {
      principal: principalOfContext(context) ?? anonymousPrincipal,
      authorization: authorizationOf(context),
      gatewaySecret: this.gatewaySecret,
    };
    return new Observable((subscriber) => runAsCaller(caller, () => next.handle().subscribe(subscriber)));
  }
}

/** Looked at where a principal was found by it. */
function authorizationOf(context: ExecutionContext): string | undefined {
  const request =
    context.getType() === 'http' ? context.switchToHttp().getRequest<HttpRequest>() : openCall(context)?.request;
  const authorization = request?.headers['authorization'];
  return typeof authorization === 'string' ? authorization : undefined;
}
