import type { AuthContextRequirement, ScopeRequirement } from '@nmp/tokens';
import { decoratedMethod } from './class-methods.js';
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

/** Adds to the rules declared on a handler or class, whose name `where` is for messages. Requirements of one kind on one target add up. */
export function declareRules(target: object, rules: DeclaredRules, where = 'one target'): void {
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
    throw new TypeError(`@Public() and @OptionalAuth() contradict each other on ${where}`);
  }
  if (merged.access === 'public' && asks) {
    throw new TypeError(`@Public() contradicts decorators that ask something of the caller, on ${where}`);
  }
  Reflect.defineMetadata(metadataKey, merged, target);
}

/** The rules declared on a handler, or on a class and those it extends: each kind by the one nearest to it. */
export function declaredRules(target: object): DeclaredRules {
  const own = Reflect.getOwnMetadata(metadataKey, target) as DeclaredRules | undefined; // written by declareRules only
  const parent = Object.getPrototypeOf(target) as object | null;
  return parent === null ? (own ?? {}) : overlay(declaredRules(parent), own ?? {});
}

/**
 * What is declared nearer to the handler replaces the same kind farther away; what asks for something of the caller is
 * not public because what is farther away is, and a public one is asked for nothing because that asks.
 */
function overlay(far: DeclaredRules, near: DeclaredRules): DeclaredRules {
  const access = near.access ?? (asksSomething(near) ? 'required' : far.access);
  const merged = { ...far, ...near, ...(access !== undefined && { access }) };
  if (access !== 'public') return merged;
  return { access, ...(merged.workspace && { workspace: merged.workspace }) };
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
 * The rules of a route: those of its handler over those of its class; of a class alone, where it is named as the handler.
 * @throws {TypeError} when the handler is no method of the class: what was declared of it cannot be known.
 */
export function rulesOf(handler: object, controller: object): RouteRules {
  const { prototype, name } = controller as { prototype?: object; name?: string }; // a class
  const isClass = handler === controller;
  const method = prototype === undefined || isClass ? handler : decoratedMethod(handler, controller);
  if (method === undefined) throw new TypeError(`A handler of ${name} was replaced: its decorators cannot be seen`);
  const { access, scopes, audiences, authContexts, permissions, workspace } = overlay(
    declaredRules(controller),
    declaredRules(method),
  );
  return {
    access: access ?? 'required',
    scopes: scopes ?? [],
    audiences: audiences ?? [],
    authContexts: authContexts ?? [],
    permissions: permissions ?? [],
    workspace,
  };
}

/** Remembers the rules of every route, which never change once an application runs. */
class RouteRulesCache {
  private readonly rules = new WeakMap<object, WeakMap<object, RouteRules>>();

  get(handler: object, controller: object): RouteRules {
    let ofController = this.rules.get(controller);
    if (ofController === undefined) this.rules.set(controller, (ofController = new WeakMap<object, RouteRules>()));
    let rules = ofController.get(handler);
    if (rules === undefined) ofController.set(handler, (rules = rulesOf(handler, controller)));
    return rules;
  }
}

/** The rules of all routes: they are those of handlers and classes, whichever guard or application asks. */
export const routeRules = new RouteRulesCache();
