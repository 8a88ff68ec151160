import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { PermissionsGuard } from '../policy/permissions.guard.js';
import { AuthGuard } from './auth.guard.js';
import { foundProvider } from './found-provider.js';
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
    return context.getType() === 'http' || this.activateMessage(context); // behind the module's global guards
  }

  private async activateMessage(context: ExecutionContext): Promise<boolean> {
    this.guards ??= this.guardsOfApplication();
    for (const guard of this.guards) {
      const verdict = guard.canActivate(context);
      if (!(typeof verdict === 'boolean' ? verdict : await verdict)) return false; // most of them have nothing to ask
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
