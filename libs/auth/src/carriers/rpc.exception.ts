import { type AuthError, isAuthError } from '@nmp/tokens';
import { type Observable, of, throwError } from 'rxjs';
import { decoratedMethod } from '../http/class-methods.js';
import type { CallContext } from './call.js';
import { answerPassThrough, messageError } from './message-error.js';
import { messageOf } from './rpc.js';

/** Where a message is refused: before its handler, or in a filter, where the handler is not known any more. */
export interface MessageContextHost extends CallContext {
  getHandler?(): object;
  getClass?(): object;
}

const droppedKey = Symbol.for('@nmp/auth:dropped-event');

/**
 * A refusal that must not fail its event: Kafka's consumer would ask for the same event again, and again, and everything
 * behind it in the partition would wait.
 */
export abstract class DroppedEvent {
  static [Symbol.hasInstance](exception: unknown): boolean {
    return typeof exception === 'object' && exception !== null && droppedKey in exception;
  }
}

/** What a guard throws to refuse a message. */
export async function rpcException(error: AuthError, context: MessageContextHost): Promise<Error> {
  const args = context.getArgs();
  // Answered already: the handler must not run, and Nest must not see a rejection.
  if (answerPassThrough(error, args)) return new Promise(() => {});
  const { RpcException } = await import('@nestjs/microservices');
  const exception = Object.assign(new RpcException(messageError(error, args)), { cause: error });
  return isDropped(error, context) ? Object.assign(exception, { [droppedKey]: true }) : exception;
}

/** What a filter returns for an error of a handler, or for an event that is dropped. */
export function rpcAnswer(error: unknown, args: readonly unknown[]): Observable<unknown> {
  if (!isAuthError(error) || answerPassThrough(error, args)) return of(undefined);
  return throwError(() => messageError(error, args));
}

/** Whether nobody is told how the handling of a message ends. */
export function isEvent(context: MessageContextHost): boolean {
  const [handler, type] = [context.getHandler?.(), context.getClass?.()];
  if (!handler || !type) return false;
  return Reflect.getMetadata('microservices:handler_type', decoratedMethod(handler, type) ?? handler) === EVENT_HANDLER;
}

const EVENT_HANDLER = 2; // PatternHandler.EVENT of Nest

function isDropped({ status }: AuthError, context: MessageContextHost): boolean {
  const message = messageOf(context.getArgs());
  const mayPassLater = status === 503 || status === 504;
  return message?.transport === 'kafka' && !mayPassLater && (isEvent(context) || !asksForReply(message.context));
}

/** Without both of them Kafka's server takes a message for an event, whatever its handler is for. */
function asksForReply(context: object): boolean {
  const { headers = {} } = (context as { getMessage(): { headers?: Record<string, unknown> } }).getMessage();
  return Boolean(headers['kafka_correlationId']) && Boolean(headers['kafka_replyTopic']);
}
