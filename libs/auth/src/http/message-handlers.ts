import { methodsOf } from './class-methods.js';
import { routeRules } from './route-rules.js';

/** The part of Nest's execution context that is looked at. */
interface MessageContext {
  getType(): string;
  getHandler(): object;
  getClass(): object;
}

// What Nest's decorators write on handlers and classes. The packages do not export the names.
const patternKeys = ['microservices:pattern', 'websockets:message_mapping'];
const guardsKey = '__guards__';

/**
 * Closes the classes among the given ones that handle messages or sockets.
 *
 * A microservice that is connected to an HTTP application has, unless told to inherit them, none of its global guards,
 * and neither have the gateways of Nest 11: the module's own would not stand before their handlers, and they would be
 * open. So each class gets a guard of its own. It knows no application, since the same class may serve several: what is
 * not `@Public()` is refused.
 */
export function closeMessageHandlers(classes: readonly object[]): void {
  for (const type of classes) {
    if (!handlesMessages(type)) continue;
    const guards = (Reflect.getMetadata(guardsKey, type) ?? []) as unknown[]; // what UseGuards writes
    if (!guards.includes(messageGuard)) Reflect.defineMetadata(guardsKey, [...guards, messageGuard], type);
  }
}

const messageGuard = {
  canActivate(context: MessageContext): boolean {
    if (context.getType() === 'http') return true; // behind the module's own guard
    const [handler, type] = [context.getHandler(), context.getClass()];
    return routeRules.get(handler, type).access === 'public';
  },
};

function handlesMessages(type: object): boolean {
  return methodsOf(type).some((method) => patternKeys.some((key) => Reflect.hasMetadata(key, method)));
}
