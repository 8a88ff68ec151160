import type { AuthTransport } from '../events/auth-event.js';
import type { CallContext } from './call.js';
import { messageOf } from './rpc.js';

/** By which way a call has come. */
export function transportOf(context: CallContext): AuthTransport {
  switch (context.getType()) {
    case 'http':
      return 'http';
    case 'rpc':
      return messageOf(context.getArgs())?.transport ?? 'unknown';
    case 'graphql':
      return 'graphql';
    case 'ws':
      return 'websocket';
    default:
      return 'unknown';
  }
}
