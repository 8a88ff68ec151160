import { methodsOf } from './class-methods.js';

// What Nest's decorators write on the handlers of routes. The package does not export the names.
const streamKey = '__sse__';
const interceptorsKey = '__interceptors__';

/**
 * Puts an interceptor around the handlers among the methods of the given classes that open streams of server-sent
 * events, and around no others: what is not a stream has nothing to end.
 */
export function watchEventStreams(classes: readonly object[], interceptor: object): void {
  for (const method of classes.flatMap(methodsOf)) {
    if (!Reflect.hasMetadata(streamKey, method)) continue;
    const interceptors = (Reflect.getMetadata(interceptorsKey, method) ?? []) as unknown[]; // what UseInterceptors writes
    if (!interceptors.includes(interceptor)) {
      Reflect.defineMetadata(interceptorsKey, [interceptor, ...interceptors], method);
    }
  }
}
