import { type ArgumentsHost, Catch, type ExceptionFilter, Inject, Injectable } from '@nestjs/common';
import { BaseExceptionFilter, HttpAdapterHost } from '@nestjs/core';
import { AuthError, isAuthError, type IssuerUnavailableError } from '@nmp/tokens';
import { AuthConfig } from '../auth-config.js';
import { AuthHttpException } from './auth-http.exception.js';
import { bearerChallenge } from './bearer-challenge.js';
import { metadataUrlOf } from './protected-resource.js';

/** Turns authentication errors into HTTP answers: the one place where status, body and headers meet. */
@Injectable()
export class AuthHttpErrors {
  constructor(
    @Inject(AuthConfig) private readonly config: AuthConfig,
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
  ) {}

  /** Sets the headers of the answer on `response` and returns the exception to throw; other errors are returned as they are. */
  toHttp(error: unknown, response: unknown): unknown {
    if (!isAuthError(error)) return error;
    const { realm, publicUrl } = this.config;
    const challenge = bearerChallenge(error, realm, publicUrl === undefined ? undefined : metadataUrlOf(publicUrl));
    if (challenge !== undefined) this.host.httpAdapter.setHeader(response, 'WWW-Authenticate', challenge);
    if (error.code === 'issuer_unavailable') {
      const { retryAfterSeconds } = error as IssuerUnavailableError; // the one error of this code
      this.host.httpAdapter.setHeader(response, 'Retry-After', String(retryAfterSeconds));
    }
    return new AuthHttpException(error);
  }
}

/** Answers authentication errors that handlers throw themselves, as the guards' own are answered. */
@Catch(AuthError)
export class AuthErrorFilter extends BaseExceptionFilter implements ExceptionFilter {
  constructor(
    @Inject(AuthHttpErrors) private readonly errors: AuthHttpErrors,
    @Inject(HttpAdapterHost) host: HttpAdapterHost,
  ) {
    super(host.httpAdapter);
  }

  override catch(error: AuthError, host: ArgumentsHost): void {
    if (host.getType() !== 'http') throw error;
    super.catch(this.errors.toHttp(error, host.switchToHttp().getResponse()), host);
  }
}
