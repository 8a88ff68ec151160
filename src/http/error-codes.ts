/** By which code a failure is answered where nothing better is known than its status. */
export const codeByStatus = {
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
} as const satisfies Readonly<Record<number, string>>;

/** Every code of the service beside those of the auth module. `docs/errors.md` explains each of them. */
export const platformErrorCodes = [
  ...Object.values(codeByStatus),
  'invalid_request',
  'internal_error',
  'overloaded',
  'exchange_no_rule',
] as const;

/** The stable name of a failure of the service. */
export type PlatformErrorCode = (typeof platformErrorCodes)[number];
