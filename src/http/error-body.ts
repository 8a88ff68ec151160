import { STATUS_CODES } from 'node:http';

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

/** Makes an error body; the code follows from the status unless a better one is known. */
export function errorBody(statusCode: number, detail: string, code?: string): ErrorBody {
  return {
    statusCode,
    error: STATUS_CODES[statusCode] ?? 'Error',
    code: code ?? codeByStatus[statusCode] ?? (statusCode < 500 ? 'invalid_request' : 'internal_error'),
    detail,
  };
}

const codeByStatus: Readonly<Record<number, string>> = {
  400: 'invalid_input',
  403: 'access_denied',
  404: 'not_found',
  405: 'method_not_allowed',
  408: 'request_timeout',
  409: 'conflict',
  413: 'body_too_large',
  414: 'url_too_long',
  415: 'unsupported_media_type',
  417: 'expectation_failed',
  429: 'too_many_requests',
  431: 'headers_too_large',
  503: 'unavailable',
};
