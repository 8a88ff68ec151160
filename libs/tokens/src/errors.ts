import type { AuthErrorCode, InvalidDpopProofReason, InvalidTokenReason } from './error-codes.js';

// Two copies of this package may meet in one process (ESM and CommonJS), so errors carry a brand and are never told by `instanceof`.
const brand: unique symbol = Symbol.for('@nmp/tokens:auth-error');

/**
 * Base of every failure of authentication and authorization.
 *
 * `message` is for the operator's log: it may name issuers, key ids and claims, never a token or another secret.
 * `detail` is for the caller and says nothing that came out of the token.
 */
export abstract class AuthError extends Error {
  readonly [brand] = true;
  /** Stable machine-readable name of the failure. */
  abstract readonly code: AuthErrorCode;
  /** The HTTP status that answers it. */
  abstract readonly status: number;
  /** The sentence the caller is told. */
  abstract readonly detail: string;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** Tells an {@link AuthError} of any copy of this package. */
export function isAuthError(error: unknown): error is AuthError {
  return typeof error === 'object' && error !== null && (error as { [brand]?: unknown })[brand] === true;
}

/** No credentials were sent. @see RFC 6750 §3.1 – the challenge then carries no error code. */
export class MissingTokenError extends AuthError {
  readonly code = 'missing_token';
  readonly status = 401;
  readonly detail = 'Unauthorized';

  constructor(message = 'No bearer token was sent', options?: ErrorOptions) {
    super(message, options);
  }
}

/** The credentials are not of the form that RFC 6750 §2.1 or the identity headers ask for, or there are several. */
export class InvalidRequestError extends AuthError {
  readonly code = 'malformed_request';
  readonly status = 400;
  readonly detail: string;

  constructor(message: string, options?: ErrorOptions & { detail?: string }) {
    super(message, options);
    this.detail = options?.detail ?? `Invalid bearer token: ${message}`;
  }
}

const sentenceByReason = {
  malformed: 'it is not a signed JWT',
  algorithm: 'its signing algorithm is not accepted here',
  signature: 'its signature does not verify',
  key: 'its signing key is not known',
  issuer: 'its issuer is not trusted here',
  audience: 'it was issued for another audience',
  expired: 'it has expired',
  not_yet_valid: 'it is not valid yet',
  type: 'it is not an access token',
  claims: 'a required claim is missing or wrong',
  inactive: 'its issuer does not know it, or no longer',
  revoked: 'it has been revoked',
} as const satisfies Record<InvalidTokenReason, string>;

/** The token was read and refused. `reason` says why. @see RFC 6750 §3.1 `invalid_token` */
export class InvalidTokenError extends AuthError {
  readonly code: `token_${InvalidTokenReason}`;
  readonly status = 401;
  readonly detail: string;

  constructor(
    readonly reason: InvalidTokenReason,
    message: string = sentenceByReason[reason],
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.code = `token_${reason}`;
    this.detail = `Invalid or expired token: ${sentenceByReason[reason]}`;
  }
}

const sentenceByProofReason = {
  missing: 'none was sent',
  malformed: 'it is not a signed JWT with all its claims',
  type: 'its header type is not "dpop+jwt"',
  algorithm: 'its signing algorithm is not accepted here',
  key: 'its key is not a public key for its algorithm',
  signature: 'its signature does not verify',
  method: 'it was made for another method',
  uri: 'it was made for another address',
  time: 'it was made too long ago, or in the future',
  token: 'it was made for another access token',
  replayed: 'it was used before',
} as const satisfies Record<InvalidDpopProofReason, string>;

/** The proof that the sender holds the key of the token is missing or no good. @see RFC 9449 §4.3 and §7.1 */
export class InvalidDpopProofError extends AuthError {
  readonly code = 'dpop_proof';
  readonly status = 401;
  readonly detail: string;

  constructor(
    readonly reason: InvalidDpopProofReason,
    message: string = sentenceByProofReason[reason],
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.detail = `Invalid DPoP proof: ${sentenceByProofReason[reason]}`;
  }
}

/** The proof lacks the server's nonce, or has an old one. Made with this one it is good. @see RFC 9449 §9 */
export class DpopNonceRequiredError extends AuthError {
  readonly code = 'dpop_nonce';
  readonly status = 401;
  readonly detail = 'Invalid DPoP proof: it must have the nonce of the DPoP-Nonce header';

  /** @param nonce What the next proof must have. */
  constructor(
    readonly nonce: string,
    message = 'The proof has no nonce of this server, or an old one',
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The token is good, but its user must sign in again, or in a stronger way. @see RFC 9470 §3 */
export class StepUpRequiredError extends AuthError {
  readonly code = 'step_up_required';
  readonly status = 401;
  readonly detail = 'Unauthorized: this needs a stronger or more recent sign-in';

  constructor(
    /** The authentication context classes of which one is enough. */
    readonly acrValues: readonly string[],
    /** How long ago the user may have signed in, in seconds. */
    readonly maxAgeSeconds: number | undefined,
    message = 'The sign-in behind the token is too weak or too old',
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The token is good but lacks a scope the operation needs. @see RFC 6750 §3.1 `insufficient_scope` */
export class InsufficientScopeError extends AuthError {
  readonly code = 'insufficient_scope';
  readonly status = 403;
  readonly detail: string;

  /** @param requiredScopes What the operation needs; goes into the challenge's `scope` attribute. */
  constructor(
    readonly requiredScopes: readonly string[],
    message = `The token lacks a required scope: ${requiredScopes.join(' ')}`,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.detail = `Forbidden: the token lacks a required scope (${requiredScopes.join(' ')})`;
  }
}

/** The caller is known and may not do this. Carries no OAuth error code: another token would not help. */
export class AccessDeniedError extends AuthError {
  readonly code = 'access_denied';
  readonly status = 403;
  readonly detail: string;

  /** @param options.detail What the caller is told, where the message is for the log alone. @default the message */
  constructor(message = 'Forbidden', options?: ErrorOptions & { detail?: string }) {
    super(message, options);
    this.detail = options?.detail ?? (message.startsWith('Forbidden') ? message : `Forbidden: ${message}`);
  }
}

/** The identity provider's documents or keys cannot be had and none are held: nothing is known about the token. */
export class IssuerUnavailableError extends AuthError {
  readonly code = 'issuer_unavailable';
  readonly status = 503;
  readonly detail = 'Identity provider unavailable';

  /** @param retryAfterSeconds When asking again can help, in whole seconds. */
  constructor(
    message: string,
    readonly retryAfterSeconds: number,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** More tokens are to be verified at once than can be: nothing is known about this one. A moment later it may be. */
export class OverloadedError extends AuthError {
  readonly code = 'overloaded';
  readonly status = 503;
  readonly detail = 'Too many requests at once';
  /** When asking again can help, in whole seconds. */
  readonly retryAfterSeconds = 1;
}

/** The policy decision point cannot be reached, or says nothing that can be understood: nobody passes. */
export class PolicyUnavailableError extends AuthError {
  readonly code = 'policy_unavailable';
  readonly status = 503;
  readonly detail = 'Authorization service unavailable';
}

/** The policy decision point did not answer in time: nobody passes. */
export class PolicyTimeoutError extends AuthError {
  readonly code = 'policy_timeout';
  readonly status = 504;
  readonly detail = 'Authorization service timeout';
}

/** The options are wrong. Stops the bootstrap; never reaches a request. Lists every problem, each with its path. */
export class AuthConfigError extends AuthError {
  readonly code = 'auth_config';
  readonly status = 500;
  readonly detail = 'Internal server error';

  constructor(
    readonly problems: readonly string[],
    options?: ErrorOptions,
  ) {
    super(`Invalid authentication options:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`, options);
  }
}
