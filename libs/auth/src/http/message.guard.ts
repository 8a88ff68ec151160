import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { subjectOf } from '../carriers/call.js';
import { stateOf } from '../carriers/request-state.js';
import { PermissionsGuard } from '../policy/permissions.guard.js';
import { AuthGuard } from './auth.guard.js';
import { foundProvider } from './found-provider.js';
import { routeRules } from './route-rules.js';
import { ScopesGuard } from './scopes.guard.js';

/**
 * All guards of the module in turn, for handlers that global guards do not reach: those of a microservice that is
 * connected to an HTTP application, and those of gateways. They are those of the application that asks: classes are
 * shared, and Nest makes this guard wherever a class names it, in an application without them, too.
 */
@Injectable()
export class MessageGuard implements CanActivate {
  private guards: readonly CanActivate[] | undefined;

  constructor(@Inject(ModuleRef) private readonly modules: ModuleRef) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    if (context.getType() === 'http') return true; // behind the module's global guards
    this.guards ??= this.guardsOfApplication();
    return this.hasPassed(context) || this.activateFrom(0, context, this.guards);
  }

  /** Whether the global guards, which are the same, were before it. */
  private hasPassed(context: ExecutionContext): boolean {
    if (context.getType<string>() !== 'rpc') return false;
    const state = stateOf(subjectOf(context));
    const isOwn = state !== undefined && this.guards?.includes(state.verification as AuthGuard) === true;
    return isOwn && state.passed === routeRules.get(context.getHandler(), context.getClass());
  }

  /** At once where the answers are at hand. */
  private activateFrom(
    first: number,
    context: ExecutionContext,
    guards: readonly CanActivate[],
  ): boolean | Promise<boolean> {
    for (let at = first; at < guards.length; at += 1) {
      const verdict = guards[at]?.canActivate(context) as boolean | Promise<boolean>; // the module's own return no others
      if (typeof verdict !== 'boolean') {
        return verdict.then((may) => may && this.activateFrom(at + 1, context, guards));
      }
      if (!verdict) return false;
    }
    return true;
  }

  private guardsOfApplication(): CanActivate[] {
    const guards = [AuthGuard, ScopesGuard, PermissionsGuard].map((type) =>
      foundProvider<CanActivate>(this.modules, type),
    );
    return guards.filter((guard) => guard !== undefined);
  }
}
