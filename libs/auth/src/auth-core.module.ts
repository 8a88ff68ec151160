import {
  Inject,
  Logger,
  Module,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
  type OnModuleInit,
} from '@nestjs/common';
import {
  APP_FILTER,
  APP_GUARD,
  DiscoveryModule,
  DiscoveryService,
  HttpAdapterHost,
  LazyModuleLoader,
  ModulesContainer,
} from '@nestjs/core';
import { AuthConfigError } from '@nmp/tokens';
import { AuthConfig, authConfigOf } from './auth-config.js';
import { MODULE_OPTIONS_TOKEN } from './auth.module-definition.js';
import type { HttpRequest } from './carriers/http.js';
import { registerDelegate } from './carriers/passport.js';
import { evidenceOf } from './carriers/request-evidence.js';
import { stateOf } from './carriers/request-state.js';
import { Clock, systemClock } from './clock.js';
import { AuthErrorFilter, AuthRefusals } from './http/auth-error.filter.js';
import { AuthGuard } from './http/auth.guard.js';
import { MessageGuard } from './http/message.guard.js';
import { ConnectionGuard } from './http/connection.guard.js';
import { EventStreamWatch } from './http/event-stream.watch.js';
import { FieldGuard } from './http/field.guard.js';
import { GraphqlGate } from './http/graphql.gate.js';
import { TokenExpiryInterceptor } from './http/token-expiry.interceptor.js';
import { classesOf, methodsOf } from './http/class-methods.js';
import { closeMessageHandlers } from './http/message-handlers.js';
import { metadataUrlOf, protectedResourceOf } from './http/protected-resource.js';
import { missingParameter } from './http/path-parameters.js';
import { declaredRules, type DeclaredRules } from './http/route-rules.js';
import { ScopeAreas } from './http/scope-areas.js';
import { ScopesGuard } from './http/scopes.guard.js';
import { missingEndpointWarning } from './introspection/missing-endpoint.js';
import { PermissionsGuard } from './policy/permissions.guard.js';
import { PolicyDecisionPoint } from './policy/policy-decision-point.js';
import { AuthEvents } from './events/auth-events.js';
import { IssuerKeys } from './keys/issuer-keys.js';
import { TrustedIssuers } from './keys/trusted-issuers.js';
import { AuthDescription } from './openapi/auth-description.service.js';
import { ProofOfPossession } from './possession/proof-of-possession.js';
import { JwtStrategy } from './token/jwt.strategy.js';
import { RefusalLog } from './token/refusal-log.js';
import { verificationProviders } from './token/verification.providers.js';
import { SocketGate } from './sockets/socket.gate.js';
import { ExposedServerLog } from './unsigned/exposed-server.log.js';

const logger = new Logger('AuthModule');

// The first fetch of a process loads Node's HTTP client, for 30 ms: the port is open by then.
const PREFETCH_AFTER_MS = 100;

/** What `AuthModule.forRoot()` brings in, once in an application: the verifier, the guards, and the providers to inject. */
@Module({
  imports: [DiscoveryModule],
  providers: [
    { provide: Clock, useValue: systemClock },
    { provide: AuthConfig, useFactory: authConfigOf, inject: [MODULE_OPTIONS_TOKEN] },
    ...verificationProviders,
    {
      provide: ProofOfPossession,
      useFactory: (config: AuthConfig, clock: Clock, host: HttpAdapterHost) =>
        new ProofOfPossession(
          config,
          clock,
          (request) => evidenceOf(request as HttpRequest, config.mtls), // carriers of requests have no others
          (request, nonce) => offerNonce(host, request, nonce),
        ),
      inject: [AuthConfig, Clock, HttpAdapterHost],
    },
    {
      provide: ScopeAreas,
      useFactory: (config: AuthConfig) => new ScopeAreas(config.scopes.areas),
      inject: [AuthConfig],
    },
    JwtStrategy,
    ExposedServerLog,
    SocketGate,
    AuthRefusals,
    AuthErrorFilter,
    { provide: APP_FILTER, useExisting: AuthErrorFilter },
    AuthGuard,
    ScopesGuard,
    PermissionsGuard,
    MessageGuard,
    FieldGuard,
    ConnectionGuard,
    GraphqlGate,
    TokenExpiryInterceptor,
    EventStreamWatch,
    AuthDescription,
    { provide: APP_GUARD, useExisting: AuthGuard },
    { provide: APP_GUARD, useExisting: ScopesGuard },
    { provide: APP_GUARD, useExisting: PermissionsGuard },
  ],
  exports: [AuthConfig, AuthDescription, AuthEvents, Clock, IssuerKeys, JwtStrategy, RefusalLog],
})
export class AuthCoreModule implements OnModuleInit, OnApplicationBootstrap, OnModuleDestroy {
  private prefetching: NodeJS.Timeout | undefined;

  constructor(
    @Inject(AuthConfig) private readonly config: AuthConfig,
    @Inject(TrustedIssuers) private readonly issuers: TrustedIssuers,
    @Inject(ScopeAreas) private readonly areas: ScopeAreas,
    @Inject(DiscoveryService) private readonly discovery: DiscoveryService,
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
    @Inject(PermissionsGuard) private readonly permissions: PermissionsGuard,
    @Inject(MessageGuard) private readonly messageGuard: MessageGuard,
    @Inject(AuthErrorFilter) private readonly errorFilter: AuthErrorFilter,
    @Inject(ModulesContainer) private readonly modules: ModulesContainer,
    @Inject(LazyModuleLoader) lazyModules: LazyModuleLoader,
  ) {
    refuseSecond(modules);
    // Before any microservice is connected, for connecting reads the guards of its handlers.
    this.closeMessages();
    this.closeMessagesOfLaterModules(lazyModules);
    registerDelegate();
  }

  onModuleInit(): void {
    for (const warning of this.config.warnings) logger.warn(warning);
    const declared = classesOf(this.discovery).flatMap((type) => [type, ...methodsOf(type)].map(declaredRules));
    this.areas.add(declared);
    this.findDecisionPoint(declared);
    this.warnOfUnknownParameters();
    this.serveProtectedResource();
  }

  /** Fetches the keys in the background: the first request finds them, and the operator learns now if they cannot be had. */
  onApplicationBootstrap(): void {
    this.prefetching = setTimeout(() => {
      for (const { keys } of this.issuers.all) void keys.prefetch();
      void this.warnOfMissingEndpoint();
    }, PREFETCH_AFTER_MS).unref();
  }

  onModuleDestroy(): void {
    clearTimeout(this.prefetching);
  }

  /** Which of several decision points decides would hang on the order of the imports. */
  private findDecisionPoint(declared: readonly DeclaredRules[]): void {
    const asked = declared.find(({ permissions }) => permissions !== undefined)?.permissions?.[0];
    if (!this.config.enabled || asked === undefined) return;
    const provided = this.discovery.getProviders().filter(({ token }) => token === PolicyDecisionPoint);
    const decorator = `@RequirePermissions(${asked.permissions.join(', ')})`;
    if (provided.length > 1) {
      throw new AuthConfigError([
        'PolicyDecisionPoint is provided more than once: one decides for the whole application',
      ]);
    }
    if (typeof this.permissions.findDecisionPoint()?.hasPermissions !== 'function') {
      const what =
        provided.length === 0 ? 'provide PolicyDecisionPoint in a module' : 'the provided one has no hasPermissions()';
      throw new AuthConfigError([`${decorator} needs a policy decision point: ${what}`]);
    }
  }

  private async warnOfMissingEndpoint(): Promise<void> {
    const warning = await missingEndpointWarning(this.config, this.issuers);
    if (warning !== undefined) logger.warn(warning);
  }

  /** A warning and no more: a prefix of the application may have the parameter. */
  private warnOfUnknownParameters(): void {
    for (const { metatype } of this.discovery.getControllers()) {
      if (typeof metatype !== 'function') continue;
      for (const method of methodsOf(metatype)) {
        const missing = missingParameter(method, metatype);
        if (missing)
          logger.warn(`${missing}: it is answered 400 unless a prefix of the application has that parameter`);
      }
    }
  }

  /** Past Nest's router: the place of a well-known document knows no global prefix and no version. @see RFC 9728 §3.1 */
  private serveProtectedResource(): void {
    const { httpAdapter: adapter } = this.host;
    const metadata = protectedResourceOf(this.config, this.areas.scopes);
    if (metadata === undefined || !adapter) return;
    adapter.get(new URL(metadataUrlOf(metadata.resource)).pathname, (_request: unknown, response: unknown) => {
      adapter.setHeader(response, 'Access-Control-Allow-Origin', '*');
      adapter.setHeader(response, 'Cache-Control', 'public, max-age=300');
      adapter.reply(response, metadata, 200);
    });
  }

  private closeMessages(): void {
    closeMessageHandlers(classesOf(this.discovery), MessageGuard, AuthErrorFilter);
    for (const module of this.modules.values()) {
      module.addInjectable({ provide: MessageGuard, useValue: this.messageGuard }, 'guard');
      module.addInjectable({ provide: AuthErrorFilter, useValue: this.errorFilter }, 'filter');
    }
  }

  /** Modules that are loaded lazily may hold handlers of a microservice that is connected later. */
  private closeMessagesOfLaterModules(loader: LazyModuleLoader): void {
    const load = loader.load.bind(loader);
    loader.load = async (...given) => {
      const loaded = await load(...given);
      this.closeMessages();
      return loaded;
    };
  }
}

/** Tells the client of a request, with whatever is answered, what its next proof must have. @see RFC 9449 §8.2 */
function offerNonce({ httpAdapter }: HttpAdapterHost, request: object, nonce: string): void {
  const response = stateOf(request)?.response;
  if (response !== undefined) httpAdapter.setHeader(response, 'DPoP-Nonce', nonce);
}

/** Two of them would ask every request twice, and perhaps for tokens of two providers at once. */
function refuseSecond(modules: ModulesContainer): void {
  const all = [...modules.values()].filter(({ metatype }) => metatype === AuthCoreModule);
  if (all.length > 1) {
    throw new AuthConfigError([
      'AuthModule.forRoot() is imported more than once: import it in the root module only, and AuthModule, without forRoot, in others',
    ]);
  }
}
