import { type ExecutionContext, Inject, Injectable, Logger } from '@nestjs/common';
import { ApplicationConfig, DiscoveryService } from '@nestjs/core';
import { AccessDeniedError, isAuthError, type Principal } from '@nmp/tokens';
import { AuthConfig } from '../auth-config.js';
import { messageError } from '../carriers/message-error.js';
import { Clock } from '../clock.js';
import { AuthRefusals } from '../http/auth-error.filter.js';
import { CallerIdentification } from '../http/caller-identification.js';
import { classesOf } from '../http/class-methods.js';
import { MessageGuard } from '../http/message.guard.js';
import type { RouteAccess } from '../http/route-rules.js';
import { AccessTokenVerifier } from '../token/access-token-verifier.js';
import { CallerReports } from '../token/caller-reports.js';
import { JwtStrategy } from '../token/jwt.strategy.js';
import { RefusalLog } from '../token/refusal-log.js';
import { connectionContext } from './connection.context.js';
import { accessTo, connectionHandler, type GatewayPlace, gatewaysAt } from './gateway-place.js';
import { AdapterGuard, type SocketAdapter } from './guarded-adapter.js';
import type { HandshakeAnswer } from './handshake-answer.js';
import { SocketDoor } from './socket-door.js';

/** Closes the gateways of the application at the handshake of their connections. */
@Injectable()
export class SocketGate {
  private readonly logger = new Logger('AuthModule');
  private readonly gateways = new WeakMap<GatewayPlace, readonly object[]>();
  /** What listeners were told of by the guards. */
  private readonly told = new WeakSet<object>();

  constructor(
    @Inject(AuthConfig) private readonly config: AuthConfig,
    @Inject(JwtStrategy) strategy: JwtStrategy,
    @Inject(AccessTokenVerifier) verifier: AccessTokenVerifier,
    @Inject(Clock) clock: Clock,
    @Inject(AuthRefusals) private readonly refusals: AuthRefusals,
    @Inject(RefusalLog) private readonly log: RefusalLog,
    @Inject(DiscoveryService) private readonly discovery: DiscoveryService,
    @Inject(ApplicationConfig) application: ApplicationConfig,
    @Inject(MessageGuard) private readonly guard: MessageGuard,
    @Inject(CallerReports) private readonly reports: CallerReports,
  ) {
    const door = new SocketDoor({
      config,
      clock,
      verifier,
      callers: new CallerIdentification(config, strategy, clock),
      reports,
      accessTo: (place) => this.accessTo(place),
      expectRules: (place, principal) => this.expectRules(place, principal),
      answerOf: (error) => this.answerOf(error),
    });
    const isPublic = (place: GatewayPlace): boolean => this.accessTo(place) === 'public';
    guardAdapterOf(application, new AdapterGuard(door, isPublic, (line) => this.logger.warn(line)));
  }

  private accessTo(place: GatewayPlace): RouteAccess {
    return this.config.enabled ? accessTo(this.gatewaysAt(place)) : 'public';
  }

  private async expectRules(place: GatewayPlace, principal: Principal): Promise<void> {
    for (const gateway of this.gatewaysAt(place)) {
      const handler = connectionHandler(gateway);
      if (handler === undefined) continue;
      const isWelcome = await this.activate(connectionContext(gateway, handler, principal));
      if (!isWelcome) throw new AccessDeniedError();
    }
  }

  private async activate(connection: ExecutionContext): Promise<boolean> {
    try {
      return await this.guard.canActivate(connection);
    } catch (exception) {
      // The guards have made their error the one of messages; a handshake is answered in another way.
      const { cause } = exception as { cause?: unknown };
      if (!isAuthError(cause)) throw exception;
      this.told.add(cause);
      throw cause;
    }
  }

  private gatewaysAt(place: GatewayPlace): readonly object[] {
    const known = this.gateways.get(place) ?? gatewaysAt(place, classesOf(this.discovery));
    this.gateways.set(place, known);
    return known;
  }

  private answerOf(error: unknown): HandshakeAnswer {
    if (isAuthError(error)) {
      this.log.note(error);
      if (!this.told.has(error)) this.reports.refused(error, 'websocket');
      return { status: error.status, headers: this.refusals.headersOf(error), body: messageError(error, []) };
    }
    this.logger.error(error);
    return { status: 500, headers: {}, body: { status: 'error', message: 'Internal server error', statusCode: 500 } };
  }
}

/** The adapter is set after the modules are made, by the application or by Nest: it is guarded where it is taken from. */
function guardAdapterOf(application: ApplicationConfig, guard: AdapterGuard): void {
  const adapterOf = application.getIoAdapter.bind(application);
  application.getIoAdapter = () => {
    const adapter = adapterOf() as SocketAdapter | undefined; // Nest types it as always there
    return (adapter && guard.guard(adapter)) as unknown as ReturnType<typeof adapterOf>;
  };
}
