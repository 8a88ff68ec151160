import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import {
  AccessDeniedError,
  type AuthError,
  isAuthError,
  MissingTokenError,
  PolicyTimeoutError,
  PolicyUnavailableError,
  type Principal,
} from '@nmp/tokens';
import { AuthConfig } from '../auth-config.js';
import { dataOf, subjectOf } from '../carriers/call.js';
import { stateOf } from '../carriers/request-state.js';
import { transportOf } from '../carriers/transport.js';
import { AuthRefusals } from '../http/auth-error.filter.js';
import { type HandlerContext, principalOfContext } from '../http/request-principal.js';
import { type RouteRules, routeRules } from '../http/route-rules.js';
import { readValue, type RequestValues } from '../http/value-source.js';
import { CallerReports } from '../token/caller-reports.js';
import { RefusalLog } from '../token/refusal-log.js';
import { within } from '../token/time-limit.js';
import { AuthTracer } from '../tracing/auth-tracer.js';
import { inDecisionSpan } from './decision-span.js';
import { type PermissionQuery, PLATFORM_WORKSPACE, PolicyDecisionPoint } from './policy-decision-point.js';

/** Lets a request pass if the policy decision point says that its caller holds what `@RequirePermissions()` asks for. */
@Injectable()
export class PermissionsGuard implements CanActivate {
  private decisionPoint: PolicyDecisionPoint | undefined;

  constructor(
    @Inject(AuthConfig) private readonly config: AuthConfig,
    @Inject(ModuleRef) private readonly modules: ModuleRef,
    @Inject(AuthRefusals) private readonly refusals: AuthRefusals,
    @Inject(RefusalLog) private readonly log: RefusalLog,
    @Inject(CallerReports) private readonly reports: CallerReports,
    @Inject(AuthTracer) private readonly tracer: AuthTracer,
  ) {}

  /** Whoever the application has provided to decide; `undefined` when nobody. */
  findDecisionPoint(): PolicyDecisionPoint | undefined {
    try {
      this.decisionPoint ??= this.modules.get<PolicyDecisionPoint>(PolicyDecisionPoint, { strict: false });
    } catch {
      return undefined; // Nest's only way to say that there is none
    }
    return this.decisionPoint;
  }

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const rules = routeRules.get(context.getHandler(), context.getClass());
    if (rules.permissions.length === 0 || !this.config.enabled) return notePassed(context, rules);
    try {
      const queries = queriesOf(rules, context);
      const verdict = this.tracer.isActive
        ? inDecisionSpan(this.tracer, queries, () => this.decide(queries))
        : this.decide(queries);
      if (!(verdict instanceof Promise)) return notePassed(context, rules);
      return verdict.then(() => notePassed(context, rules)).catch((error: unknown) => this.refuse(error, context));
    } catch (error) {
      return this.refuse(error, context);
    }
  }

  /** Asks at once where the answer is at hand; most requests have one question. */
  private decide(queries: readonly PermissionQuery[]): true | Promise<true> {
    for (const [at, query] of queries.entries()) {
      const answer = this.ask(query);
      if (answer instanceof Promise) return this.decideLater(answer, query, queries.slice(at + 1));
      expectYes(answer, query);
    }
    return true;
  }

  private async decideLater(first: Promise<unknown>, asked: PermissionQuery, rest: PermissionQuery[]): Promise<true> {
    const { httpTimeoutMs } = this.config;
    const late = (): Error =>
      new PolicyTimeoutError(`The policy decision point did not answer within ${httpTimeoutMs} ms`);
    expectYes(await within(httpTimeoutMs, first.catch(rethrow), late), asked);
    return this.decide(rest);
  }

  private ask(query: PermissionQuery): unknown {
    const decisionPoint = this.findDecisionPoint();
    if (decisionPoint === undefined) throw new PolicyUnavailableError('No policy decision point is provided');
    try {
      return decisionPoint.hasPermissions(query);
    } catch (error) {
      return rethrow(error);
    }
  }

  private refuse(error: unknown, context: ExecutionContext): Promise<never> {
    if (isAuthError(error)) {
      this.log.note(error);
      this.reports.refused(error, transportOf(context));
    }
    return this.refusals.refuse(error, context);
  }
}

/**
 * The last of the guards has let a message pass: those of its class need not ask once more. What lives longer than one
 * message, a connection, is asked each time.
 */
function notePassed(context: HandlerContext, rules: RouteRules): true {
  if (context.getType() !== 'rpc') return true;
  const state = stateOf(subjectOf(context));
  if (state) state.passed = rules;
  return true;
}

/** One question for each workspace that the requirements name. */
function queriesOf({ permissions, workspace }: RouteRules, context: HandlerContext): PermissionQuery[] {
  const principal = knownCaller(context);
  const values = valuesOf(context);
  const byWorkspace = new Map<string, string[]>();
  for (const requirement of permissions) {
    const source = requirement.workspace ?? workspace;
    const name = source === undefined ? PLATFORM_WORKSPACE : readValue(source, values);
    byWorkspace.set(name, [...(byWorkspace.get(name) ?? []), ...requirement.permissions]);
  }
  return [...byWorkspace].map(([name, all]) => ({ principal, permissions: all, workspace: name }));
}

function valuesOf(context: HandlerContext): RequestValues {
  return context.getType() === 'http' ? (context.getArgs()[0] as RequestValues) : { data: dataOf(context) };
}

/** Permissions are never held by nobody, not even where signing in is optional. */
function knownCaller(context: HandlerContext): Principal {
  const principal = principalOfContext(context);
  if (principal === undefined || principal.kind === 'anonymous') throw new MissingTokenError();
  return principal;
}

/** Only a plain yes lets pass. */
function expectYes(answer: unknown, { principal, permissions, workspace }: PermissionQuery): void {
  if (answer === true) return;
  if (answer === false) {
    const who = JSON.stringify(principal.id.slice(0, 200));
    const where = JSON.stringify(workspace.slice(0, 200));
    throw new AccessDeniedError(`${who} lacks ${permissions.join(' or ')} in ${where}`, { detail: 'Forbidden' });
  }
  throw new PolicyUnavailableError('The policy decision point answered neither true nor false');
}

/** Whatever goes wrong while deciding, nobody passes. */
function rethrow(error: unknown): never {
  const known: AuthError | undefined = isAuthError(error) ? error : undefined;
  throw known ?? new PolicyUnavailableError('The policy decision point failed', { cause: error });
}
