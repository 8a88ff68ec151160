import { type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import type { ExternalContextCreator } from '@nestjs/core';
import { AccessDeniedError, isAuthError } from '@nmp/tokens';
import { subjectOf } from '../carriers/call.js';
import { isIdentified, stateOf } from '../carriers/request-state.js';
import { AuthRefusals } from './auth-error.filter.js';
import { AuthGuard } from './auth.guard.js';
import { MessageGuard } from './message.guard.js';
import type { HandlerContext } from './request-principal.js';
import { routeRules } from './route-rules.js';

type Resolver = (...args: unknown[]) => Promise<unknown>;

// Tells of which type a value is, and nothing of the value.
const TYPE_RESOLVER = '__resolveType';

/**
 * Stands before the resolvers of fields and references in GraphQL types. Nest has guards there only where
 * `fieldResolverEnhancers` names them, and without them each of these handlers would be open to whoever reaches its parent.
 */
@Injectable()
export class FieldGuard {
  private readonly closed = new WeakSet<object>();

  constructor(
    @Inject(AuthGuard) private readonly authentication: AuthGuard,
    @Inject(MessageGuard) private readonly guards: MessageGuard,
    @Inject(AuthRefusals) private readonly refusals: AuthRefusals,
  ) {}

  /** Closes the fields whose resolvers are made from now on. @param beforeEach Called before each of them is made. */
  closeFields(creator: ExternalContextCreator, beforeEach: () => void): void {
    const create = creator.create.bind(creator);
    creator.create = (...given: Parameters<typeof create>) => {
      const [instance, handler, name, , , , , options, type = 'http'] = given;
      if (type === 'graphql') beforeEach();
      const resolver = create(...given) as Resolver;
      if (type === 'graphql') this.closed.add(handler);
      const isUnguarded = type === 'graphql' && options?.guards === false && name !== TYPE_RESOLVER;
      return isUnguarded ? this.guarded(resolver, handler, instance.constructor) : resolver;
    };
  }

  /** Whether a guard stands before a handler, Nest's or this one. */
  isClosed(handler: object): boolean {
    return this.closed.has(handler);
  }

  private guarded(resolver: Resolver, handler: object, type: object): Resolver {
    return async (...args) => {
      const context = {
        getType: () => 'graphql',
        getArgs: () => args,
        getHandler: () => handler,
        getClass: () => type,
      } as ExecutionContext; // what the module's guards look at
      if (!this.isAdmitted(context) && !(await this.guards.canActivate(context))) {
        return this.refusals.refuse(new AccessDeniedError(), context);
      }
      return resolver(...args).catch((error: unknown) => this.fail(error, context));
    };
  }

  /** A list of a thousand objects has thousands of fields: what is known of their caller already is not asked again. */
  private isAdmitted(context: HandlerContext): boolean {
    const { access, scopes, audiences, authContexts, permissions } = routeRules.get(
      context.getHandler(),
      context.getClass(),
    );
    const state = stateOf(subjectOf(context) ?? context);
    if (state?.principal === undefined || state.verification !== this.authentication) return false;
    if (access === 'public') return true;
    const asked = scopes.length + audiences.length + authContexts.length + permissions.length;
    return asked === 0 && isIdentified(state) && state.principal.kind !== 'anonymous';
  }

  private fail(error: unknown, context: ExecutionContext): never | Promise<never> {
    if (!isAuthError(error)) throw error;
    return this.refusals.refuse(error, context);
  }
}
