import type { ScopeRequirement } from '@nmp/tokens';

/** Who may call a handler: everybody, everybody with or without a token, or only with a token. */
export type RouteAccess = 'public' | 'optional' | 'required';

/** What the decorators of a handler and of its class say together. */
export interface RouteRules {
  readonly access: RouteAccess;
  /** All of them must be met. */
  readonly scopes: readonly ScopeRequirement[];
}

/** What decorators leave on a handler or a class. */
export interface DeclaredRules {
  readonly access?: RouteAccess;
  readonly scopes?: readonly ScopeRequirement[];
}

const metadataKey = Symbol.for('@nmp/auth:rules');

/** Adds to the rules declared on a handler or class. Requirements of one kind on one target add up. */
export function declareRules(target: object, rules: DeclaredRules): void {
  const declared = (Reflect.getOwnMetadata(metadataKey, target) ?? {}) as DeclaredRules; // written by this function only
  const scopes = [...(declared.scopes ?? []), ...(rules.scopes ?? [])];
  const merged: DeclaredRules = { ...declared, ...rules, ...(scopes.length > 0 ? { scopes } : {}) };
  Reflect.defineMetadata(metadataKey, merged, target);
}

/** The rules declared on a handler or class itself, or inherited from the class it extends. */
export function declaredRules(target: object): DeclaredRules {
  return (Reflect.getMetadata(metadataKey, target) ?? {}) as DeclaredRules; // written by declareRules only
}

/**
 * The rules of a route. What a handler declares replaces the same kind on its class; a handler that asks for scopes is
 * not public because its class is, and a public handler is asked for no scopes because its class asks for some.
 */
export function rulesOf(handler: object, controller: object): RouteRules {
  const own = declaredRules(handler);
  const inherited = declaredRules(controller);
  const access = own.access ?? (own.scopes ? 'required' : (inherited.access ?? 'required'));
  return { access, scopes: access === 'public' ? [] : (own.scopes ?? inherited.scopes ?? []) };
}

/** Remembers the rules of every route, which never change once an application runs. */
export class RouteRulesCache {
  private readonly rules = new WeakMap<object, WeakMap<object, RouteRules>>();

  get(handler: object, controller: object): RouteRules {
    let ofController = this.rules.get(controller);
    if (ofController === undefined) this.rules.set(controller, (ofController = new WeakMap<object, RouteRules>()));
    let rules = ofController.get(handler);
    if (rules === undefined) ofController.set(handler, (rules = rulesOf(handler, controller)));
    return rules;
  }
}
