import { addScopePrefix, parseScopes, stripScopePrefix, type ScopePolicy } from '@nmp/tokens';
import type { AuthConfig } from '../auth-config.js';
import type { RouteRules } from '../http/route-rules.js';
import type { SecurityRequirement } from './api-document.js';
import { scopeAlternatives } from './scope-alternatives.js';
import { signInsOf } from './sign-in-schemes.js';
import { tokenSchemes } from './token-schemes.js';

/** What the routes of one application may be called with. */
export class RouteSecurity {
  /** What people sign in with, as decorators call it. No page has a use for a token that outlives it. */
  readonly offered: readonly string[];
  private readonly scopePrefix: string | undefined;
  private readonly policy: ScopePolicy;
  private readonly signIns: readonly string[];
  private readonly tokens: readonly string[];

  constructor(config: AuthConfig) {
    const { published, scopes } = config;
    this.scopePrefix = published?.scopePrefix ?? undefined;
    this.offered = parseScopes(published?.defaultScopes)
      .map((scope) => stripScopePrefix(scope, this.scopePrefix))
      .filter((scope) => scope !== 'offline_access');
    this.policy = scopes;
    this.signIns = signInsOf(config).map(({ scheme }) => scheme);
    this.tokens = Object.keys(tokenSchemes(config));
  }

  /** What people sign in with, as the provider calls it. */
  get requested(): string[] {
    return this.atProvider(this.offered);
  }

  /** A scope as the provider calls it. */
  nameAtProvider(scope: string): string {
    return addScopePrefix(scope, this.scopePrefix);
  }

  /** Any of the entries will do; an empty one says that nobody has to sign in. */
  of(rules: RouteRules): SecurityRequirement[] {
    const sets = scopeAlternatives(rules.scopes, this.offered, this.policy).map((scopes) => this.atProvider(scopes));
    return [
      ...(isOpenToAnybody(rules) ? [{}] : []),
      ...this.tokens.map((scheme) => ({ [scheme]: [] })),
      ...this.signIns.flatMap((scheme) => sets.map((scopes) => ({ [scheme]: scopes }))),
    ];
  }

  private atProvider(scopes: readonly string[]): string[] {
    return scopes.map((scope) => this.nameAtProvider(scope));
  }
}

/** Nobody in particular meets no requirement, not even where signing in is optional. */
function isOpenToAnybody({ access, scopes, permissions, audiences, authContexts }: RouteRules): boolean {
  return access === 'optional' && [scopes, permissions, audiences, authContexts].every((asked) => asked.length === 0);
}
