import { Inject, Injectable } from '@nestjs/common';
import { type AuthError, isAuthError, type Principal } from '@nmp/tokens';
import { AuthConfig } from '../auth-config.js';
import { openRequest } from '../carriers/graphql.js';
import { type GraphqlConnection, isConnection, noteConnection } from '../carriers/graphql-connection.js';
import { type RequestState, stateOf } from '../carriers/request-state.js';
import { Clock } from '../clock.js';
import { NEVER_MS, sessionEndMs } from '../sockets/session-end.js';
import { atTime } from '../token/deadline.js';
import { CallerReports } from '../token/caller-reports.js';
import { RefusalLog } from '../token/refusal-log.js';
import { AuthGuard } from './auth.guard.js';
import type { GraphqlServerOptions } from './graphql-servers.js';

type ConnectHook = (connection: GraphqlConnection) => unknown;
type ContextFunction = (...given: unknown[]) => unknown;

const OPEN = 1; // a WebSocket's readyState

/** Stands before the connections of GraphQL subscriptions: with no token, or a bad one, none is made; none outlives its token. */
@Injectable()
export class ConnectionGuard {
  constructor(
    @Inject(AuthConfig) private readonly config: AuthConfig,
    @Inject(AuthGuard) private readonly authentication: AuthGuard,
    @Inject(RefusalLog) private readonly log: RefusalLog,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(CallerReports) private readonly reports: CallerReports,
  ) {}

  /** The options of a server whose connections, and whose contexts, are guarded. @param isOpen Whether a caller without a token has anything to ask for. */
  close(options: GraphqlServerOptions, isOpen: () => boolean): GraphqlServerOptions {
    const { context, subscriptions, installSubscriptionHandlers } = options;
    const wanted = subscriptions ?? (installSubscriptionHandlers === true ? { [PROTOCOL]: {} } : undefined);
    return {
      ...options,
      ...this.closedContext(context),
      ...(wanted && PROTOCOL in wanted && { subscriptions: this.closeConnections(wanted, isOpen) }),
    };
  }

  private closedContext(context: unknown): { context?: ContextFunction } {
    return typeof context === 'function' ? { context: this.closeContext(context as ContextFunction) } : {};
  }

  /** The principal of a request is found through the context: one that is handed out again has the principal of another. */
  private closeContext(context: ContextFunction): ContextFunction {
    const owners = new WeakMap<object, unknown>();
    return async (...given) => {
      const made = await context(...given);
      const [owner] = given;
      if (isObject(made)) {
        if (owners.has(made) && owners.get(made) !== owner) throw new Error(SHARED_CONTEXT);
        owners.set(made, owner);
      }
      // Every operation of a connection asks anew: its token may have been revoked meanwhile.
      for (const state of statesOf(owner)) state.verdict = undefined;
      return made;
    };
  }

  private closeConnections(subscriptions: object, isOpen: () => boolean): object {
    const { [PROTOCOL]: own, context: common } = subscriptions as Record<string, unknown>;
    const { onConnect, context } = (isObject(own) ? own : {}) as { onConnect?: ConnectHook; context?: unknown };
    const hook: ConnectHook = async (connection) => {
      if (!(await this.admit(connection, isOpen))) return false;
      return onConnect?.(connection);
    };
    const closed = { ...(isObject(own) && own), ...this.closedContext(context), onConnect: hook };
    return { ...subscriptions, ...this.closedContext(common), [PROTOCOL]: closed };
  }

  private async admit(connection: GraphqlConnection, isOpen: () => boolean): Promise<boolean> {
    noteConnection(connection);
    if (!this.config.enabled) return true;
    const { socket } = connection.extra;
    try {
      const principal = await this.identify(connection);
      this.reports.authenticated(principal, 'graphql');
      if (socket.readyState !== OPEN) return false;
      this.endInTime(connection, principal);
      return true;
    } catch (error) {
      if (!isAuthError(error)) throw error;
      if (error.code === 'missing_token' && isOpen()) return true;
      this.log.note(error);
      this.reports.refused(error, 'graphql');
      socket.close(closeCodeOf(error), error.code);
      return false;
    }
  }

  private async identify(connection: GraphqlConnection): Promise<Principal> {
    const { callers } = this.authentication;
    const { request } = openRequest(connection);
    openRequest(connection.extra.request);
    callers.forget(connection.extra.request); // the application's own hook finds nothing that only a gateway may write
    return callers.identify(request);
  }

  private endInTime({ extra: { socket } }: GraphqlConnection, principal: Principal): void {
    const endMs = sessionEndMs(principal, this.config);
    if (endMs >= NEVER_MS) return;
    socket.once(
      'close',
      atTime(this.clock, endMs, () => socket.close(FORBIDDEN, 'token_expired')),
    );
  }
}

const PROTOCOL = 'graphql-ws';
const SHARED_CONTEXT =
  "The context function of GraphQL has returned one object for two requests: it must make a new one each time, or one caller's principal is another's";

/** @see https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md */
const UNAUTHORIZED = 4401; // clients give up
const FORBIDDEN = 4403; // clients may come again, with another token
const BAD_REQUEST = 4400;
const TRY_AGAIN_LATER = 1013; // https://www.iana.org/assignments/websocket

function closeCodeOf({ code, status }: AuthError): number {
  if (code === 'missing_token') return UNAUTHORIZED;
  if (status === 400) return BAD_REQUEST;
  return status >= 500 ? TRY_AGAIN_LATER : FORBIDDEN;
}

/** What is known of the caller of a connection, wherever the application's context lets it be found. */
function statesOf(owner: unknown): RequestState[] {
  if (!isConnection(owner)) return [];
  return [owner, owner.extra.request].map(stateOf).filter((state) => state !== undefined);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
