import type { InvalidTokenReason } from '@nmp/auth';

/** What a request must get. */
export interface Answer {
  /** One status, or those that the HTTP servers may choose from where they answer themselves. */
  readonly status: number | readonly number[];
  /** The `code` of the body; `undefined` where the answer is not ours. */
  readonly code?: string;
  /** What the `WWW-Authenticate` header is like; `null` when there must be none. */
  readonly challenge?: RegExp | null;
}

/** The handler is called. */
export const accepted: Answer = { status: 200 };

/** 401 without an error code: no credentials were seen. @see RFC 6750 §3.1 */
export const noCredentials: Answer = {
  status: 401,
  code: 'missing_token',
  challenge: /^Bearer realm="nmp", resource_metadata="[^"]+"$/,
};

/** 400 `invalid_request`: credentials were seen, and are not one well-formed token. */
export const badRequest: Answer = {
  status: 400,
  code: 'malformed_request',
  challenge: /^Bearer realm="nmp", error="invalid_request"/,
};

/** 401 `invalid_token`, with the reason in the body's code. */
export function invalid(reason: InvalidTokenReason): Answer {
  return { status: 401, code: `token_${reason}`, challenge: /^Bearer realm="nmp", error="invalid_token"/ };
}

/** 403 `insufficient_scope`, with the scopes that are needed. */
export const insufficientScope: Answer = {
  status: 403,
  code: 'insufficient_scope',
  challenge: /error="insufficient_scope".*scope="orders:read"/,
};

/** 503: nothing can be said of the token. Never a challenge: another token would not help. */
export const unavailable: Answer = { status: 503, code: 'issuer_unavailable', challenge: null };

/** Node's own HTTP parser refuses before any application sees the request. */
export const refusedByParser: Answer = { status: [400, 431] };

/** The options stop the bootstrap: there is nobody to answer. */
export const refusedAtBootstrap: Answer = { status: [] };
