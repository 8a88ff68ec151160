import { methodsOf } from './class-methods.js';
import { type HandlerContext, principalOfContext } from './request-principal.js';
import { routeRules } from './route-rules.js';

// What Nest's decorators write on handlers and classes. The packages do not export the names.
const patternKeys = ['microservices:pattern', 'websockets:message_mapping'];
const guardsKey = '__guards__';
const filtersKey = '__exceptionFilters__';

/**
 * Closes the classes among the given ones that handle messages or sockets, and puts a guard before their handlers.
 *
 * A microservice that is connected to an HTTP application has, unless told to inherit them, none of its global guards,
 * and neither have the gateways of Nest 11: the module's own would not stand before their handlers, and they would be
 * open. So each class names the guard, which Nest finds in the application that it builds the handler for, and behind it
 * one that knows no application, since the same class may serve several: what no guard has admitted is refused.
 *
 * Global filters do not reach them either: the one that answers errors of authentication is named as well. Filters of the
 * class and of its methods come before it.
 */
export function closeMessageHandlers(classes: readonly object[], guard: object, filter: object): void {
  for (const type of classes) {
    if (!handlesMessages(type)) continue;
    putBefore(guardsKey, [guard, closingGuard], type); // what UseGuards writes
    putBefore(filtersKey, [filter], type); // what UseFilters writes
  }
}

function putBefore(key: string, enhancers: readonly object[], type: object): void {
  const present = (Reflect.getMetadata(key, type) ?? []) as unknown[]; // a list, or nothing
  if (!enhancers.every((enhancer) => present.includes(enhancer))) {
    Reflect.defineMetadata(key, [...enhancers, ...present], type);
  }
}

const closingGuard = {
  canActivate(context: HandlerContext): boolean {
    if (context.getType() === 'http') return true; // behind the module's own guard
    const { access } = routeRules.get(context.getHandler(), context.getClass());
    return access === 'public' || principalOfContext(context) !== undefined;
  },
};

function handlesMessages(type: object): boolean {
  return methodsOf(type).some((method) => patternKeys.some((key) => Reflect.hasMetadata(key, method)));
}
