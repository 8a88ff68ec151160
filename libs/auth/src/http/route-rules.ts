import type { AuthContextRequirement, ScopeRequirement } from '@nmp/tokens';
import type { PermissionRequirement } from './permission-requirement.js';
import type { ValueSource } from './value-source.js';

/** Who may call a handler: everybody, everybody with or without a token, or only with a token. */
export type RouteAccess = 'public' | 'optional' | 'required';

/** What the decorators of a handler and of its class say together. */
export interface RouteRules extends Required<Omit<DeclaredRules, 'workspace'>> {
  /** Where requests of the route name the workspace they are about; `undefined`: nowhere. */
  readonly workspace: ValueSource | undefined;
}

/** What decorators leave on a handler or a class. */
export interface DeclaredRules {
  readonly access?: RouteAccess;
  /** All of them must be met. */
  readonly scopes?: readonly ScopeRequirement[];
  /** A token must name one audience of each list. */
  readonly audiences?: readonly (readonly string[])[];
  /** All of them must be met. */
  readonly authContexts?: readonly AuthContextRequirement[];
  /** All of them must be held. */
  readonly permissions?: readonly PermissionRequirement[];
  /** Where requests name the workspace that they are about. */
  readonly workspace?: ValueSource;
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
    ...added('permissions', declared, rules),
  };
  const asks = asksSomething(merged);
  if (declared.access !== undefined && rules.access !== undefined && declared.access !== rules.access) {
    throw new TypeError('@Public() and @OptionalAuth() contradict each other on one target');
  }
  if (merged.access === 'public' && asks) {
    throw new TypeError('@Public() contradicts decorators that ask something of the caller on the same target');
  }
  Reflect.defineMetadata(metadataKey, merged, target);
}

/** The rules declared on a handler or class itself, or inherited from the class it extends. */
export function declaredRules(target: object): DeclaredRules {
  return (Reflect.getMetadata(metadataKey, target) ?? {}) as DeclaredRules; // written by declareRules only
}

function asksSomething({ scopes, audiences, authContexts, permissions }: DeclaredRules): boolean {
  return (scopes ?? audiences ?? authContexts ?? permissions) !== undefined;
}

function added(
  kind: 'scopes' | 'audiences' | 'authContexts' | 'permissions',
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
  const asks = asksSomething(own);
  const access = own.access ?? (asks ? 'required' : (inherited.access ?? 'required'));
  const workspace = own.workspace ?? inherited.workspace;
  if (access === 'public') return { access, scopes: [], audiences: [], authContexts: [], permissions: [], workspace };
  return {
    access,
    scopes: own.scopes ?? inherited.scopes ?? [],
    audiences: own.audiences ?? inherited.audiences ?? [],
    authContexts: own.authContexts ?? inherited.authContexts ?? [],
    permissions: own.permissions ?? inherited.permissions ?? [],
    workspace,
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
