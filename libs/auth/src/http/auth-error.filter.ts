import { type ArgumentsHost, Catch, type ExceptionFilter, Inject, Injectable } from '@nestjs/common';
import { BaseExceptionFilter, HttpAdapterHost, ModuleRef } from '@nestjs/core';
import { AuthError, type AuthorizationScheme, type DpopNonceRequiredError, isAuthError } from '@nmp/tokens';
import { defer } from 'rxjs';
import { AuthConfig } from '../auth-config.js';
import { graphqlError, GraphqlRefusal } from '../carriers/graphql.exception.js';
import { schemeOfAnswered } from '../carriers/http.js';
import { RefusedEvent, isEvent, type MessageContextHost, rpcAnswer, rpcException } from '../carriers/rpc.exception.js';
import { answerSocket, wsException } from '../carriers/ws.exception.js';
import { RefusalLog } from '../token/refusal-log.js';
import { AuthHttpException } from './auth-http.exception.js';
import { challengesOf } from './bearer-challenge.js';
import { foundProvider } from './found-provider.js';
import { metadataUrlOf } from './protected-resource.js';

/** Turns authentication errors into the answers of the transports: the one place where status, body and headers meet. */
@Injectable()
export class AuthRefusals {
  constructor(
    @Inject(AuthConfig) private readonly config: AuthConfig,
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
    @Inject(RefusalLog) private readonly log: RefusalLog,
  ) {}

  /** Sets the headers of the answer on `response` and returns the exception to throw; other errors are returned as they are. */
  toHttp(error: unknown, response: unknown): unknown {
    if (!isAuthError(error)) return error;
    this.log.explain(error);
    const { httpAdapter } = this.host;
    const headers = Object.entries(this.headersOf(error, schemeOfAnswered(response)));
    for (const [name, value] of headers) httpAdapter.setHeader(response, name, value);
    return new AuthHttpException(error);
  }

  /** The exception to throw in a context that is not of a plain HTTP route. Its library is loaded for the first refusal. */
  async toTransport(error: unknown, context: ArgumentsHost & MessageContextHost): Promise<unknown> {
    if (!isAuthError(error)) return error;
    this.log.explain(error);
    switch (context.getType<string>()) {
      case 'rpc':
        if (isEvent(context)) this.log.noteEvent(error);
        return rpcException(error, context);
      case 'graphql':
        return graphqlError(error, this.headersOf(error), context.getArgs());
      case 'ws':
        return wsException(error);
      default:
        return new AuthHttpException(error);
    }
  }

  /** Throws what answers a refusal in the context: at once for a plain HTTP route. */
  refuse(error: unknown, context: ArgumentsHost & MessageContextHost): Promise<never> {
    if (context.getType() === 'http') throw this.toHttp(error, context.switchToHttp().getResponse());
    return this.toTransport(error, context).then((exception) => Promise.reject(exception));
  }

  /** The headers of HTTP's answer to an error. @param used The scheme that the credentials came with. */
  headersOf(error: AuthError, used?: AuthorizationScheme): Record<string, string> {
    const challenge = this.challengeOf(error, used);
    const { retryAfterSeconds } = error as { retryAfterSeconds?: number }; // where asking again may help
    const { nonce } = error as Partial<DpopNonceRequiredError>; // the one error that has it
    return {
      ...(challenge !== undefined && { 'WWW-Authenticate': challenge }),
      ...(retryAfterSeconds !== undefined && { 'Retry-After': String(retryAfterSeconds) }),
      ...(nonce !== undefined && { 'DPoP-Nonce': nonce }),
    };
  }

  private challengeOf(error: AuthError, used: AuthorizationScheme = 'bearer'): string | undefined {
    const { realm, publicUrl, dpop } = this.config;
    const metadataUrl = publicUrl === undefined ? undefined : metadataUrlOf(publicUrl);
    return challengesOf(error, used, { realm, metadataUrl, dpop });
  }
}

/**
 * Answers authentication errors that handlers throw themselves, as the guards' own are answered. Classes that handle
 * messages name it, and Nest makes it for each application that they are in.
 */
@Catch(AuthError, RefusedEvent, GraphqlRefusal)
export class AuthErrorFilter extends BaseExceptionFilter implements ExceptionFilter {
  constructor(
    @Inject(ModuleRef) private readonly modules: ModuleRef,
    @Inject(HttpAdapterHost) host: HttpAdapterHost,
  ) {
    super(host.httpAdapter);
  }

  override catch(error: unknown, host: ArgumentsHost): unknown {
    if (host.getType() === 'rpc') return rpcAnswer(error, host.getArgs());
    if (host.getType() === 'ws') return answerSocket(error, host);
    const refusals = foundProvider(this.modules, AuthRefusals);
    switch (host.getType<string>()) {
      case 'http':
        // In an application without the module it is an error like any other.
        return super.catch(refusals?.toHttp(error, host.switchToHttp().getResponse()) ?? error, host);
      case 'graphql':
        return error instanceof GraphqlRefusal ? Promise.reject(error) : refusals?.refuse(error, host);
      default:
        return defer(() => refusals?.refuse(error, host) ?? Promise.reject(error as Error));
    }
  }
}
