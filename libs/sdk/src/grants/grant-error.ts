import { NeMoError, SignInError } from '../errors.js';
import { NetworkFailure, networkAdvice, networkProblem } from '../network-problem.js';
import type { IdentityProvider } from './identity-provider.js';
import type { ErrorBody } from './normalize-answer.js';
import { adviceFor } from './grant-advice.js';

/** What a provider says by the letter of the specifications. @see RFC 6749 §5.2, RFC 8628 §3.5 */
export const oauthErrorCodes: ReadonlySet<string> = new Set([
  'access_denied',
  'authorization_pending',
  'expired_token',
  'invalid_client',
  'invalid_grant',
  'invalid_request',
  'invalid_scope',
  'slow_down',
  'unauthorized_client',
  'unsupported_grant_type',
]);

/** What a client was asking the identity provider for. */
export type Grant =
  | 'authorization_code'
  | 'client_credentials'
  | 'device'
  | 'device_token'
  | 'password'
  | 'refresh'
  | 'revocation'
  | 'token_exchange';

/** The identity provider said no, or nothing that could be understood. */
export class GrantError extends SignInError {
  constructor(
    code: string,
    message: string,
    /** The HTTP status; absent when no answer came. */
    readonly httpStatus?: number,
    readonly retryAfterSeconds?: number,
    /** The new polling interval that a `slow_down` named. */
    readonly intervalSeconds?: number,
    options?: ErrorOptions,
  ) {
    super(code, message, options);
  }

  override get isUnreachable(): boolean {
    return this.isTransient || this.code === 'malformed_response';
  }

  /** Whether the same request may well succeed a little later. */
  get isTransient(): boolean {
    return this.httpStatus === undefined
      ? this.code === 'network_error'
      : this.httpStatus >= 500 || this.code === 'temporarily_unavailable';
  }
}

/**
 * Makes a {@link GrantError} of whatever a request threw.
 * @param secrets Values that must not show up in the message: a description that repeats one is left out.
 */
export function grantErrorOf(
  error: unknown,
  grant: Grant,
  provider: IdentityProvider,
  secrets: readonly string[] = [],
): unknown {
  provider.http.signal?.throwIfAborted();
  if (error instanceof NeMoError) return error;
  const body = errorBodyOf(error);
  const host = new URL(provider.tokenEndpoint).host;
  if (body) {
    const said = describe(body, secrets);
    const waiting = body.retry_after_seconds === undefined ? '' : ` Try again in ${body.retry_after_seconds} s.`;
    const message = `${partyOf(grant)} ${host} answered ${said}.${waiting} ${adviceFor(grant, body, provider.clientSecret !== undefined)}`;
    return new GrantError(body.error, message, body.http_status, body.retry_after_seconds, body.interval);
  }
  const libraryCode = (error as { code?: unknown } | undefined)?.code;
  if (typeof libraryCode === 'string' && libraryCode.startsWith('OAUTH_')) {
    const code = libraryCode === 'OAUTH_UNSUPPORTED_OPERATION' ? 'unsupported_token_type' : 'malformed_response';
    return malformed(provider, code, (error as Error).message); // the library throws errors, and names members, not values
  }
  if (!(error instanceof NetworkFailure)) return error;
  const message = `${partyOf(grant)} ${host} could not be reached (${networkProblem(error)}).`;
  const advice = networkAdvice(error, 'Check the connection and try again');
  return new GrantError('network_error', `${message} ${advice}`, undefined, undefined, undefined, { cause: error });
}

/** Tokens of workloads are the platform's own business. */
function partyOf(grant: Grant): string {
  return grant === 'token_exchange' ? 'The platform at' : 'The identity provider';
}

/** An answer without what it must have. */
export function malformed(provider: IdentityProvider, code: string, problem: string): GrantError {
  const host = new URL(provider.tokenEndpoint).host;
  const message = `The identity provider ${host} gave an answer that cannot be used: ${problem}.`;
  return new GrantError(code, `${message} Ask its administrator whether the client is set up for this sign-in`, 200);
}

function describe(body: ErrorBody, secrets: readonly string[]): string {
  const repeatsSecret = (text: string): boolean =>
    // A long one may have been cut off.
    secrets.some((secret) => secret !== '' && text.includes(secret.length > 48 ? secret.slice(0, 32) : secret));
  const { error, error_description: description } = body;
  const status = /^http_\d+$/.test(error) ? `HTTP ${body.http_status}` : error;
  // A password can be an ordinary word, and then a mask in the sentence would tell it.
  const said = description === undefined || repeatsSecret(description) ? '' : `: ${description}`;
  // The codes of the specifications are words of their own, not an echo of what was sent.
  const code = repeatsSecret(status) && !oauthErrorCodes.has(status) ? 'an error' : status;
  return `${code}${said}`.replace(/[.\s]+$/, '');
}

function errorBodyOf(error: unknown): ErrorBody | undefined {
  const cause = error instanceof Error ? (error.cause as Partial<ErrorBody> | undefined) : undefined;
  return typeof cause?.error === 'string' && typeof cause.http_status === 'number' ? (cause as ErrorBody) : undefined;
}
