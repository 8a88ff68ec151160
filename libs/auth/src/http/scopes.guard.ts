import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import {
  type AuthError,
  InsufficientScopeError,
  meetsScopes,
  MissingTokenError,
  type ScopePolicy,
  type ScopeRequirement,
} from '@nmp/tokens';
import { AuthConfig } from '../auth-config.js';
import { transportOf } from '../carriers/transport.js';
import { CallerReports } from '../token/caller-reports.js';
import { AuthRefusals } from './auth-error.filter.js';
import { principalOfContext } from './request-principal.js';
import { routeRules } from './route-rules.js';
import { ScopeAreas } from './scope-areas.js';

/** Lets a request pass if its token has the scopes that the handler's decorators ask for. */
@Injectable()
export class ScopesGuard implements CanActivate {
  private policy: ScopePolicy | undefined;

  constructor(
    @Inject(AuthConfig) private readonly config: AuthConfig,
    @Inject(ScopeAreas) private readonly areas: ScopeAreas,
    @Inject(AuthRefusals) private readonly refusals: AuthRefusals,
    @Inject(CallerReports) private readonly reports: CallerReports,
  ) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const { scopes } = routeRules.get(context.getHandler(), context.getClass());
    if (scopes.length === 0 || !this.config.enabled) return true;
    const principal = principalOfContext(context);
    // A requirement is never met by nobody, not even where signing in is optional.
    if (principal === undefined || principal.kind === 'anonymous') {
      return this.refuse(new MissingTokenError(), context);
    }
    const unmet = scopes.find((requirement) => !this.isMet(principal.scopes, requirement));
    return unmet ? this.refuse(lacking(unmet, principal.scopes), context) : true;
  }

  private refuse(error: AuthError, context: ExecutionContext): Promise<never> {
    this.reports.refused(error, transportOf(context));
    return this.refusals.refuse(error, context);
  }

  private isMet(granted: readonly string[], requirement: ScopeRequirement): boolean {
    const { known } = this.areas;
    if (this.policy?.areas !== known) this.policy = { ...this.config.scopes, areas: known };
    return meetsScopes(granted, requirement, this.policy);
  }
}

/** The caller is told what is required alone: what the token has, only the log. */
function lacking({ scopes }: ScopeRequirement, granted: readonly string[]): InsufficientScopeError {
  const carried = granted.length === 0 ? 'none' : JSON.stringify(granted.join(' ').slice(0, 300));
  return new InsufficientScopeError(scopes, `The token lacks a required scope: ${scopes.join(' ')}; it has ${carried}`);
}
