import type { AuthError } from '@nmp/tokens';
import { authErrorBody } from '../http/auth-http.exception.js';
import { messageOf } from './rpc.js';

/** @see https://grpc.io/docs/guides/status-codes/ */
const grpcStatus: Readonly<Record<number, number>> = {
  400: 3, // INVALID_ARGUMENT
  401: 16, // UNAUTHENTICATED
  403: 7, // PERMISSION_DENIED
  503: 14, // UNAVAILABLE
  504: 4, // DEADLINE_EXCEEDED
};
const UNKNOWN = 2;

/** What the sender of a refused message is told: the body of HTTP's answers, or gRPC's status with the code in its metadata. */
export function messageError(error: AuthError, args: readonly unknown[]): object {
  const message = messageOf(args);
  return message?.transport === 'grpc' ? grpcError(error, message.context) : plainError(error);
}

/**
 * Answers a pass-through call of gRPC, for which Nest does not: it awaits the handler and drops the promise, so that a
 * rejection would end the process.
 * @returns `false` for every other message.
 */
export function answerPassThrough(error: AuthError, args: readonly unknown[]): boolean {
  const [call, respond] = args as [Partial<PassThroughCall> | undefined, ((error: object) => void) | undefined];
  if (messageOf(args)?.context !== call?.metadata || typeof call?.emit !== 'function') return false;
  const status = messageError(error, args);
  if (typeof respond === 'function') respond(status);
  else call.emit('error', status);
  return true;
}

interface PassThroughCall {
  metadata: object;
  emit(event: 'error', status: object): void;
}

/** What is told where the transport has no form of its own for errors: the body of HTTP's answers. */
export function plainError(error: AuthError): object {
  return { status: 'error', message: error.detail, ...authErrorBody(error), ...retryAfterOf(error) };
}

function grpcError(error: AuthError, metadata: object): object {
  const Metadata = metadata.constructor as new () => { set(name: string, value: string): void }; // that of grpc-js
  const trailers = new Metadata();
  trailers.set('nmp-error-code', error.code);
  const { retryAfterSeconds } = retryAfterOf(error);
  if (retryAfterSeconds !== undefined) trailers.set('retry-after', String(retryAfterSeconds));
  const code = grpcStatus[error.status] ?? UNKNOWN;
  return { code, message: error.detail, details: error.detail, metadata: trailers };
}

/** Of an issuer that is unavailable, or where too much is asked for at once. */
function retryAfterOf(error: AuthError): { retryAfterSeconds?: number } {
  const { retryAfterSeconds } = error as { retryAfterSeconds?: number };
  return retryAfterSeconds === undefined ? {} : { retryAfterSeconds };
}
