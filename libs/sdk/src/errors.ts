/**
 * Base of every failure this package reports. The message is a sentence for a person, ends with what to do next, and
 * holds no token, code or password.
 */
export abstract class NeMoError extends Error {
  /** Stable machine-readable name of the failure. */
  abstract readonly code: string;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** The configuration file cannot be used as it is, or does not have what was asked for. */
export class ConfigError extends NeMoError {
  readonly code = 'config';
}

/** Nobody is signed in, or the stored sign-in has come to its end. */
export class SignInRequiredError extends NeMoError {
  readonly code = 'sign_in_required';

  /** @param options.command The command that signs in, when it is not the plain one. */
  constructor(reason: string, options?: ErrorOptions & { command?: string | undefined }) {
    super(`${reason} Run: ${options?.command ?? 'nemo auth login'}`, options);
  }
}

/** The context is signed in to another platform by now, whose token must not go to this one. */
export class SignedInElsewhereError extends SignInRequiredError {}

/** A sign-in or a refresh did not succeed. `code` says why: an OAuth error code, or a name of this package's own. */
export class SignInError extends NeMoError {
  constructor(
    readonly code: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }

  /** Whether no answer came, or none that says anything about the sign-in: the trouble is the server's, or its address's. */
  get isUnreachable(): boolean {
    return this.code === 'platform_unreachable' || this.code === 'not_a_platform';
  }
}

/** The platform could not be reached, or did not answer in time. */
export class ConnectionError extends NeMoError {
  readonly code: 'connection' | 'timeout';

  constructor(message: string, options?: ErrorOptions & { timedOut?: boolean }) {
    super(message, options);
    this.code = options?.timedOut === true ? 'timeout' : 'connection';
  }
}

/** Something answered, but not the way the platform does: the address is probably that of another server. */
export class UnexpectedAnswerError extends NeMoError {
  readonly code = 'unexpected_answer';
}

/** The address is one that a token must not travel to. @see RFC 9700 §2.6 */
export class InsecureUrlError extends NeMoError {
  readonly code = 'insecure_url';
}

/** The platform answered with an error. */
export class ApiError extends NeMoError {
  /** What to do next. */
  readonly advice: string;

  constructor(
    readonly status: number,
    readonly code: string,
    /** The sentence the platform gave. */
    readonly detail: string,
    readonly requestId?: string,
    { advice = 'Correct the request, then try again', ...options }: ErrorOptions & { advice?: string } = {},
  ) {
    super(`(${status}) ${detail.replace(/[.\s]+$/, '')}. ${advice}`, options);
    this.advice = advice;
  }
}

/** 400: the request is not of the form the platform asks for. */
export class BadRequestError extends ApiError {}

/** 401: the platform wants a token, or refused the one it got. */
export class UnauthorizedError extends ApiError {}

/** 403: the caller is known and may not do this. */
export class ForbiddenError extends ApiError {}

/** 404: there is no such thing, or the caller may not see it. */
export class NotFoundError extends ApiError {}

/** 409: the request does not fit what is there. */
export class ConflictError extends ApiError {}

/** 429: too many requests. */
export class RateLimitedError extends ApiError {}

/** 5xx: the platform, or something before it, failed. */
export class ServerError extends ApiError {}
