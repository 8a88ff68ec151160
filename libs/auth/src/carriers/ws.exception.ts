import type { ArgumentsHost } from '@nestjs/common';
import { type AuthError, isAuthError } from '@nmp/tokens';
import { plainError } from './message-error.js';

/** What a guard throws to refuse a message of a socket. */
export async function wsException(error: AuthError): Promise<Error> {
  const { WsException } = await import('@nestjs/websockets');
  return Object.assign(new WsException(plainError(error)), { cause: error });
}

/** Tells the client of a message that its handler has refused it, as Nest tells it of other exceptions. */
export async function answerSocket(error: unknown, host: ArgumentsHost): Promise<void> {
  if (!isAuthError(error)) return;
  const { BaseWsExceptionFilter } = await import('@nestjs/websockets');
  new BaseWsExceptionFilter().catch(await wsException(error), host);
}
