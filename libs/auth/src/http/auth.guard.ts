import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { AccessDeniedError, anonymousPrincipal, type AuthError, isAuthError, type Principal } from '@nmp/tokens';
import { AuthConfig } from '../auth-config.js';
import { type Call, openCall, subjectOf } from '../carriers/call.js';
import { credentialsOf } from '../carriers/graphql.js';
import { isBehindConnection } from '../carriers/graphql-connection.js';
import type { HttpRequest } from '../carriers/http.js';
import { attachState, isIdentified, type RequestState, stateOf } from '../carriers/request-state.js';
import { Clock } from '../clock.js';
import { transportOf } from '../carriers/transport.js';
import type { AuthTransport } from '../events/auth-event.js';
import { CallerReports } from '../token/caller-reports.js';
import { JwtStrategy } from '../token/jwt.strategy.js';
import { RefusalLog } from '../token/refusal-log.js';
import { UnsignedIdentification } from '../unsigned/unsigned-identification.js';
import { AuthRefusals } from './auth-error.filter.js';
import { CallerIdentification } from './caller-identification.js';
import { attachPrincipal } from './request-principal.js';
import { type RouteRules, routeRules } from './route-rules.js';

/**
 * Lets nobody pass to a handler without a principal, unless the handler is `@Public()`. A kind of context that is not
 * known is refused. Answers at once, without a promise, when the token was verified before.
 */
@Injectable()
export class AuthGuard implements CanActivate {
  /** Finds out who calls: also for those who have to know before there is a handler. */
  readonly callers: CallerIdentification;
  /** Of calls with several handlers, the refusal that listeners were told of: each handler refuses the same caller. */
  private readonly told = new WeakMap<RequestState, AuthError>();

  constructor(
    @Inject(AuthConfig) private readonly config: AuthConfig,
    @Inject(JwtStrategy) strategy: JwtStrategy,
    @Inject(AuthRefusals) private readonly refusals: AuthRefusals,
    @Inject(RefusalLog) private readonly log: RefusalLog,
    @Inject(Clock) clock: Clock,
    @Inject(CallerReports) private readonly reports: CallerReports,
  ) {
    const Identification = config.allowUnsignedJwt ? UnsignedIdentification : CallerIdentification;
    this.callers = new Identification(config, strategy, clock);
  }

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const rules = routeRules.get(context.getHandler(), context.getClass());
    if (context.getType() !== 'http') return this.activateCall(context, rules);

    const request = context.switchToHttp().getRequest<HttpRequest>();
    const state = attachState(request, this, context.switchToHttp().getResponse());
    if (this.isOpen(rules)) {
      this.callers.forget(request);
      return admit(request, state, anonymousPrincipal);
    }
    try {
      const verdict = this.callers.identify(request);
      if (!(verdict instanceof Promise)) return this.admitIdentified(request, state, verdict, rules);
      return verdict
        .then((principal) => this.admitIdentified(request, state, principal, rules))
        .catch((error: unknown) => this.conclude(error, request, state, rules));
    } catch (error) {
      return this.conclude(error, request, state, rules);
    }
  }

  /** Verifies the request of another guard, that of `AuthGuard('jwt')`. @throws {AuthError} why there is no principal. */
  verify(request: HttpRequest): Principal | Promise<Principal> {
    const state = stateOf(request);
    const known = state?.principal;
    if (state === undefined || known === undefined || known.kind === 'anonymous') return this.verifyAnew(request);
    // Of a connection it may be that of an operation before this one.
    return isBehindConnection(request) && !isIdentified(state) ? this.verifyAnew(request) : known;
  }

  /** Logs a refusal and makes it what to throw, the headers of the answer set. */
  refuse(error: unknown, response: unknown): unknown {
    this.note(error, response === undefined ? 'graphql' : 'http');
    // A call has no response: what it is answered with, the filter says.
    return response === undefined ? error : this.refusals.toHttp(error, response);
  }

  private verifyAnew(request: HttpRequest): Principal | Promise<Principal> {
    const credentials = credentialsOf(request);
    return this.reported(this.callers.identifyByToken(credentials), credentials === request ? 'http' : 'graphql');
  }

  private activateCall(context: ExecutionContext, rules: RouteRules): boolean | Promise<boolean> {
    const call = openCall(context);
    if (call === undefined) return this.activateUnknown(context, rules);
    const known = stateOf(call.subject);
    const state = known?.verification === this ? known : attachState(call.subject, this, undefined);
    try {
      const verdict = this.admitCall(call, state, rules, context);
      if (!(verdict instanceof Promise)) return verdict;
      return verdict.catch((error: unknown) => this.refuseCall(error, state, context));
    } catch (error) {
      return this.refuseCall(error, state, context);
    }
  }

  private async refuseCall(error: unknown, state: RequestState, context: ExecutionContext): Promise<never> {
    this.noteOfCall(error, state, context);
    throw await this.refusals.toTransport(error, context);
  }

  /** Nest turns `false` into the error of the transport: RpcException, WsException, ForbiddenException. */
  private activateUnknown(context: ExecutionContext, rules: RouteRules): boolean {
    if (!this.isOpen(rules)) {
      this.reports.refused(new AccessDeniedError(), transportOf(context));
      return false;
    }
    attachState(subjectOf(context), this, undefined).principal = anonymousPrincipal;
    return true;
  }

  /** One call may reach several handlers, those of a GraphQL query at the same time: its caller is identified once. */
  private admitCall(
    call: Call,
    state: RequestState,
    rules: RouteRules,
    context: ExecutionContext,
  ): true | Promise<true> {
    if (this.isOpen(rules)) {
      this.forget(call);
      return admit(call.subject, state, state.principal ?? anonymousPrincipal);
    }
    try {
      const verdict = call.identify?.(this.config) ?? (state.verdict ??= this.identifyCall(call, state, context));
      if (!(verdict instanceof Promise)) return this.admitVerified(call.subject, state, verdict, rules);
      return verdict
        .then((principal) => {
          if (state.verdict === verdict) state.verdict = principal; // no operation has begun meanwhile
          return this.admitVerified(call.subject, state, principal, rules);
        })
        .catch((error: unknown) => admitAnonymous(error, call.subject, state, rules));
    } catch (error) {
      return admitAnonymous(error, call.subject, state, rules);
    }
  }

  private identifyCall(call: Call, state: RequestState, context: ExecutionContext): Principal | Promise<Principal> {
    if (this.reports.isWanted) this.told.delete(state);
    try {
      this.forget(call);
      const verdict = this.callers.identify(call.request);
      return this.reports.isWanted ? this.reported(verdict, transportOf(context)) : verdict;
    } catch (error) {
      return Promise.reject(error); // remembered, as every verdict: the other handlers refuse for the same reason
    }
  }

  private reported(verdict: Principal | Promise<Principal>, transport: AuthTransport): Principal | Promise<Principal> {
    if (verdict instanceof Promise) return this.reportedLater(verdict, transport);
    this.reports.authenticated(verdict, transport);
    return verdict;
  }

  private async reportedLater(verdict: Promise<Principal>, transport: AuthTransport): Promise<Principal> {
    const principal = await verdict;
    this.reports.authenticated(principal, transport);
    return principal;
  }

  /** What only a gateway may write is for the identification alone: the handler would believe it, or read its secret. */
  private forget(call: Call): void {
    const { raw, rawHeaders } = call.request;
    const written = raw?.rawHeaders ?? rawHeaders ?? [];
    for (let at = 0; at < written.length; at += 2) {
      const name = written[at] ?? '';
      if (this.callers.isOfGateway(name)) call.dropHeader(name);
    }
  }

  /** Nobody's request passes where signing in is optional and nothing is asked of a token; every other failure refuses. */
  private conclude(error: unknown, request: object, state: RequestState, rules: RouteRules): true {
    if (isAnonymousWelcome(error, rules)) return admit(request, state, anonymousPrincipal);
    throw this.refuse(error, state.response);
  }

  private admitIdentified(request: object, state: RequestState, principal: Principal, rules: RouteRules): true {
    this.reports.authenticated(principal, 'http');
    return this.admitVerified(request, state, principal, rules);
  }

  private admitVerified(request: object, state: RequestState, principal: Principal, rules: RouteRules): true {
    this.callers.expectRules(principal, rules);
    return admit(request, state, principal);
  }

  private isOpen({ access }: RouteRules): boolean {
    return access === 'public' || !this.config.enabled;
  }

  private note(error: unknown, transport: AuthTransport): void {
    if (!isAuthError(error)) return;
    this.log.note(error);
    this.reports.refused(error, transport);
  }

  private noteOfCall(error: unknown, state: RequestState, context: ExecutionContext): void {
    if (!isAuthError(error)) return;
    this.log.note(error);
    if (!this.reports.isWanted || this.told.get(state) === error) return;
    this.told.set(state, error);
    this.reports.refused(error, transportOf(context));
  }
}

function admit(request: object, state: RequestState, principal: Principal): true {
  attachPrincipal(request, state, principal);
  return true;
}

/** Where signing in is optional; else it is the failure that counts. */
function admitAnonymous(error: unknown, subject: object, state: RequestState, rules: RouteRules): true {
  if (!isAnonymousWelcome(error, rules)) throw error;
  return admit(subject, state, anonymousPrincipal);
}

function isAnonymousWelcome(error: unknown, { access, audiences, authContexts }: RouteRules): boolean {
  const asksOfToken = audiences.length > 0 || authContexts.length > 0;
  return access === 'optional' && isMissingToken(error) && !asksOfToken;
}

function isMissingToken(error: unknown): error is AuthError {
  return isAuthError(error) && error.code === 'missing_token';
}
