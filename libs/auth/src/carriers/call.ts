import type { Principal } from '@nmp/tokens';
import { dataOfField, openField, subjectOfField } from './graphql.js';
import type { HttpRequest } from './http.js';
import { openMessage, subjectOfMessage } from './rpc.js';
import { openSocketMessage, sessionOf } from './ws.js';

/** The part of Nest's execution context that is looked at. */
export interface CallContext {
  getType(): string;
  getArgs(): unknown[];
}

/** A call that came by another way than a plain HTTP route. */
export interface Call {
  /** What the call's principal is kept on: it lives as long as the principal holds. */
  readonly subject: object;
  /** The credentials, in the form of an HTTP request: every transport is read by the same rules. */
  readonly request: HttpRequest;
  /** Removes a header where the handler would find it, too. */
  dropHeader(name: string): void;
  /** Identifies the caller where that was begun before the call, for an application: its configuration. @throws {AuthError} */
  identify?(application: object): Principal | Promise<Principal>;
}

/**
 * Finds the credentials of a call, and hands the handler what it was meant to get where they came in an envelope.
 * @returns `undefined` for a kind of context, or of transport, that is not known.
 */
export function openCall(context: CallContext): Call | undefined {
  switch (context.getType()) {
    case 'rpc':
      return openMessage(context.getArgs());
    case 'graphql':
      return openField(context.getArgs());
    case 'ws':
      return openSocketMessage(context.getArgs());
    default:
      return undefined;
  }
}

/** What the principal of a call is kept on; of a kind that is not known, where only open handlers are called, the arguments. */
export function subjectOf(context: CallContext): object {
  const args = context.getArgs();
  switch (context.getType()) {
    case 'http':
      return args[0] as object; // the request
    case 'rpc':
      return subjectOfMessage(args) ?? args;
    case 'graphql':
      return subjectOfField(args) ?? args;
    case 'ws':
      return sessionOf(args[0]) ?? args;
    default:
      return args;
  }
}

/** What the handler of a call gets: a message's data, or the arguments of a field. */
export function dataOf(context: CallContext): unknown {
  switch (context.getType()) {
    case 'rpc':
      return context.getArgs()[0];
    case 'graphql':
      return dataOfField(context.getArgs());
    case 'ws':
      return context.getArgs()[1];
    default:
      return undefined;
  }
}
