import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { AuthContextRequirement, Principal as TokenPrincipal, ScopeRequirement } from '@nmp/tokens';
import { principalOfContext } from './request-principal.js';
import { declareRules, type DeclaredRules } from './route-rules.js';
import { from, type ValueSource } from './value-source.js';

/**
 * Opens a handler or a class to everybody. A token that is sent along is not looked at.
 * @example
 * @Public()
 * @Get('health')
 */
export const Public = (): ClassDecorator & MethodDecorator => rules({ access: 'public' });

/**
 * Lets callers without a token in as an anonymous principal. A token that is sent must be good.
 * @example
 * @OptionalAuth()
 * @Get('catalog')
 */
export const OptionalAuth = (): ClassDecorator & MethodDecorator => rules({ access: 'optional' });

/**
 * Requires all of the scopes. `platform:read` and `platform:write` stand for the same verb of every area.
 * @example
 * @RequireScopes('models:read')
 */
export const RequireScopes = (...scopes: string[]): ClassDecorator & MethodDecorator => scopeRule('all', scopes);

/**
 * Requires one of the scopes.
 * @example
 * @RequireAnyScope('models:read', 'inference:read')
 */
export const RequireAnyScope = (...scopes: string[]): ClassDecorator & MethodDecorator => scopeRule('any', scopes);

/**
 * Requires one of the audiences in the token, beside what the options require of every token.
 * @example
 * @RequireAudience('https://billing.example.com')
 */
export const RequireAudience = (...audiences: string[]): ClassDecorator & MethodDecorator => {
  if (audiences.length === 0 || !audiences.every(isWord)) {
    throw new TypeError('RequireAudience needs at least one audience, each a non-empty text');
  }
  return rules({ audiences: [audiences] });
};

/**
 * Requires a sign-in of a certain strength (`acr`) and age (`auth_time`); others are told to sign in again.
 * @example
 * @RequireAuthContext({ acr: 'phr', maxAgeSeconds: 300 })
 * @see RFC 9470
 */
export const RequireAuthContext = (requirement: AuthContextRequirement): ClassDecorator & MethodDecorator => {
  const { acr, maxAgeSeconds, ...unknown } = requirement;
  const classes = acr === undefined ? [] : [acr].flat();
  const isMeant = classes.length > 0 || maxAgeSeconds !== undefined;
  if (!isMeant || !classes.every(isWord) || !(maxAgeSeconds === undefined || maxAgeSeconds >= 0)) {
    throw new TypeError('RequireAuthContext needs acr, one class or several, or maxAgeSeconds, a number of 0 or more');
  }
  const [misspelt] = Object.keys(unknown);
  if (misspelt !== undefined) throw new TypeError(`RequireAuthContext knows no ${misspelt}: acr, maxAgeSeconds`);
  return rules({ authContexts: [requirement] });
};

/**
 * Requires all of the permissions, as the application's `PolicyDecisionPoint` decides: in the workspace that the request
 * names there, else where `@WorkspaceScoped()` says, else in the platform as a whole (workspace `system`).
 * @example
 * @RequirePermissions('workspaces.members.create', { workspace: from.param('workspace') })
 */
export const RequirePermissions = (
  ...asked: string[] | [...string[], { workspace: ValueSource }]
): ClassDecorator & MethodDecorator => {
  const parts: readonly (string | { workspace: ValueSource })[] = asked;
  const permissions = parts.filter((part): part is string => typeof part === 'string');
  const place = parts.find((part): part is { workspace: ValueSource } => typeof part === 'object');
  if (permissions.length === 0 || !permissions.every(isWord)) {
    throw new TypeError('RequirePermissions needs at least one permission, each a text without blanks');
  }
  return rules({ permissions: [{ permissions, workspace: place?.workspace }] });
};

/**
 * Says where the requests of a class or handler name their workspace, for `@RequirePermissions()` without one.
 * @default the path parameter `workspace`
 */
export const WorkspaceScoped = (workspace: ValueSource = from.param('workspace')): ClassDecorator & MethodDecorator =>
  rules({ workspace });

/** The verified caller of a handler. */
export type Principal = TokenPrincipal;

/**
 * Hands the principal, or one field of it, to a handler's parameter.
 * @example
 * list(@Principal() principal: Principal) {}
 * @example
 * list(@Principal('email') email?: string) {}
 */
export function Principal(field?: keyof TokenPrincipal): ParameterDecorator {
  const decorate = principalParameter(field);
  return (target, key, index) => {
    decorate(target, key, index);
    if (key === undefined) return;
    // The parameter's type may be emitted as this very function, or as a class that a ValidationPipe would check the
    // frozen principal against. `Object` tells pipes that there is nothing to transform or validate.
    const types = Reflect.getMetadata('design:paramtypes', target, key) as unknown[] | undefined; // emitted by compilers
    if (types) types[index] = Object;
  };
}

const principalParameter = createParamDecorator(
  (field: keyof TokenPrincipal | undefined, context: ExecutionContext): unknown => {
    const principal = principalOfContext(context);
    return field === undefined ? principal : principal?.[field];
  },
);

function scopeRule(mode: ScopeRequirement['mode'], scopes: string[]): ClassDecorator & MethodDecorator {
  if (scopes.length === 0 || !scopes.every(isWord)) {
    throw new TypeError(
      `${mode === 'all' ? 'RequireScopes' : 'RequireAnyScope'} needs at least one scope, each a text without blanks`,
    );
  }
  return rules({ scopes: [{ mode, scopes }] });
}

/** JavaScript callers may hand over anything; what asks for nothing must not look as if it asked for something. */
function isWord(value: unknown): boolean {
  return typeof value === 'string' && /^\S+$/.test(value);
}

function rules(declared: DeclaredRules): ClassDecorator & MethodDecorator {
  return (target: object, key?: string | symbol, descriptor?: { value?: unknown }) => {
    const type = key === undefined ? target : target.constructor;
    const where = [(type as { name?: string }).name, key].filter((part) => part !== undefined).join('.');
    declareRules(descriptor ? (descriptor.value as object) : target, declared, where); // a method's value is its function
  };
}
