import { STATUS_CODES } from 'node:http';
import { HttpException } from '@nestjs/common';
import type { AuthError } from '@nmp/tokens';

/** The JSON body of every refusal. */
export interface AuthErrorBody {
  readonly statusCode: number;
  /** The HTTP reason phrase. */
  readonly error: string;
  /** The stable name of the failure. */
  readonly code: string;
  /** A sentence for people. */
  readonly detail: string;
}

/**
 * An {@link AuthError} on its way out over HTTP. The challenge header is already set on the response when it is thrown,
 * so that any exception filter that treats an `HttpException` rightly answers rightly.
 */
export class AuthHttpException extends HttpException {
  /** What was refused, and why. */
  readonly authError: AuthError;

  constructor(error: AuthError) {
    super(authErrorBody(error), error.status, { cause: error });
    this.authError = error;
    this.message = error.detail;
  }
}

/** What callers are told of a refusal, on every transport. */
export function authErrorBody({ status, code, detail }: AuthError): AuthErrorBody {
  return { statusCode: status, error: STATUS_CODES[status] ?? 'Error', code, detail };
}
