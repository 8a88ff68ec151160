import { rulesOf } from './route-rules.js';

/** The part of Nest's execution context that is looked at. */
interface MessageContext {
  getType(): string;
  getHandler(): object;
  getClass(): object;
}

// What @nestjs/microservices and @nestjs/common write on handlers. Neither exports the names.
const patternKey = 'microservices:pattern';
const guardsKey = '__guards__';

/**
 * Closes the message handlers among the given methods.
 *
 * A microservice that is connected to an HTTP application has, unless told to inherit them, none of its global guards:
 * the module's own would not stand before its handlers, and they would be open. So each gets a guard of its own. It
 * knows no application, since the same method may serve several: what is not `@Public()` is refused.
 */
export function closeMessageHandlers(methods: readonly object[]): void {
  for (const method of methods) {
    if (!Reflect.hasMetadata(patternKey, method)) continue;
    const guards = (Reflect.getMetadata(guardsKey, method) ?? []) as unknown[]; // what UseGuards writes
    if (!guards.includes(messageGuard)) Reflect.defineMetadata(guardsKey, [...guards, messageGuard], method);
  }
}

const messageGuard = {
  canActivate(context: MessageContext): boolean {
    if (context.getType() === 'http') return true; // behind the module's own guard
    return rulesOf(context.getHandler(), context.getClass()).access === 'public';
  },
};
