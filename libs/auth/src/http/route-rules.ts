import type { AuthContextRequirement, ScopeRequirement } from '@nmp/tokens';

/** Who may call a handler: everybody, everybody with or without a token, or only with a token. */
export type RouteAccess = 'public' | 'optional' | 'required';

/** What the decorators of a handler and of its class say together. */
export interface RouteRules extends Required<DeclaredRules> {}

/** What decorators leave on a handler or a class. */
export interface DeclaredRules {
  readonly access?: RouteAccess;
  /** All of them must be met. */
  readonly scopes?: readonly ScopeRequirement[];
  /** A token must name one audience of each list. */
  readonly audiences?: readonly (readonly string[])[];
  /** All of them must be met. */
  readonly authContexts?: readonly AuthContextRequirement[];
}

const metadataKey = Symbol.for('@nmp/auth:rules');

/** Adds to the rules declared on a handler or class. Requirements of one kind on one target add up. */
export function declareRules(target: object, rules: DeclaredRules): void {
  const declared = (Reflect.getOwnMetadata(metadataKey, target) ?? {}) as DeclaredRules; // written by this function only
  const merged: DeclaredRules = {
    ...declared,
    ...rules,
    ...added('scopes', declared, rules),
    ...added('audiences', declared, rules),
    ...added('authContexts', declared, rules),
  };
  const asks = merged.scopes ?? merged.audiences ?? merged.authContexts;
  if (declared.access !== undefined && rules.access !== undefined && declared.access !== rules.access) {
    throw new TypeError('@Public() and @OptionalAuth() contradict each other on one target');
  }
  if (merged.access === 'public' && asks) {
    throw new TypeError('@Public() contradicts decorators that ask something of a token on the same target');
  }
  Reflect.defineMetadata(metadataKey, merged, target);
}

/** The rules declared on a handler or class itself, or inherited from the class it extends. */
export function declaredRules(target: object): DeclaredRules {
  return (Reflect.getMetadata(metadataKey, target) ?? {}) as DeclaredRules; // written by declareRules only
}

function added(
  kind: 'scopes' | 'audiences' | 'authContexts',
  declared: DeclaredRules,
  rules: DeclaredRules,
): DeclaredRules {
  const all = [...(declared[kind] ?? []), ...(rules[kind] ?? [])];
  return all.length > 0 ? { [kind]: all } : {};
}

/**
 * The rules of a route. What a handler declares replaces the same kind on its class; a handler that asks for something
 * of a token is not public because its class is, and a public handler is asked for nothing because its class asks.
 */
export function rulesOf(handler: object, controller: object): RouteRules {
  const own = declaredRules(handler);
  const inherited = declaredRules(controller);
  const asks = own.scopes ?? own.audiences ?? own.authContexts;
  const access = own.access ?? (asks ? 'required' : (inherited.access ?? 'required'));
  if (access === 'public') return { access, scopes: [], audiences: [], authContexts: [] };
  return {
    access,
    scopes: own.scopes ?? inherited.scopes ?? [],
    audiences: own.audiences ?? inherited.audiences ?? [],
    authContexts: own.authContexts ?? inherited.authContexts ?? [],
  };
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
