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

const outcomeKey = Symbol.for('@nmp/auth:refused-event');

/**
 * The refusal of an event. Nest would write each of them to the log, as often as strangers like. And Kafka's consumer would
 * ask for the same event again, and again, while everything behind it in the partition waits.
 */
export abstract class RefusedEvent {
  static [Symbol.hasInstance](exception: unknown): boolean {
    return typeof exception === 'object' && exception !== null && outcomeKey in exception;
  }
}

/** What a guard throws to refuse a message. */
export async function rpcException(error: AuthError, context: MessageContextHost): Promise<Error> {
  const args = context.getArgs();
  // Answered already: the handler must not run, and Nest must not see a rejection.
  if (answerPassThrough(error, args)) return new Promise(() => {});
  const { RpcException } = await import('@nestjs/microservices');
  const answer = messageError(error, args);
  const exception = Object.assign(new RpcException(answer), { cause: error });
  if (isDropped(error, context)) return Object.assign(exception, { [outcomeKey]: of(undefined) });
  return isEvent(context) ? Object.assign(exception, { [outcomeKey]: throwError(() => answer) }) : exception;
}

/** What a filter returns for an error of a handler, or for a refused event. */
export function rpcAnswer(error: unknown, args: readonly unknown[]): Observable<unknown> {
  const { [outcomeKey]: outcome } = error as { [outcomeKey]?: Observable<unknown> };
  if (outcome !== undefined) return outcome;
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
