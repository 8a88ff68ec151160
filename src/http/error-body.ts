import { STATUS_CODES } from 'node:http';
import type { AuthErrorCode } from '@nmp/tokens';
import { codeByStatus, type PlatformErrorCode } from './error-codes.js';

/** The JSON body of every error of the service. */
export interface ErrorBody {
  readonly statusCode: number;
  /** The HTTP reason phrase. */
  readonly error: string;
  /** The stable name of the failure: what programs may switch on. */
  readonly code: string;
  /** A sentence for people. */
  readonly detail: string;
}

const codes: Readonly<Record<number, string>> = codeByStatus;

/** Makes an error body; the code follows from the status unless a better one is known. */
export function errorBody(statusCode: number, detail: string, code?: AuthErrorCode | PlatformErrorCode): ErrorBody {
  return {
    statusCode,
    error: STATUS_CODES[statusCode] ?? 'Error',
    code: code ?? codes[statusCode] ?? (statusCode < 500 ? 'invalid_request' : 'internal_error'),
    detail,
  };
}
