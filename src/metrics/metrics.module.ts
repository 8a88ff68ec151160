import { type DynamicModule, Inject, Module, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { AuthEvents, Clock, IssuerKeys } from '@nmp/auth';
import { collectDefaultMetrics, Registry } from 'prom-client';
import type { MetricsConfig } from '../config/metrics-config.js';
import type { HttpServerAdapter } from '../http/http-server.adapter.js';
import { Storage } from '../storage/storage.js';
import { AnswerMetrics } from './answer-metrics.js';
import { AuthenticationMetrics } from './authentication-metrics.js';
import { MetricsController } from './metrics.controller.js';
import { MetricsServer } from './metrics-server.js';
import { MetricsStore } from './metrics-store.module.js';
import { PolicyDataMetrics } from './policy-data-metrics.js';
import { registerStateMetrics } from './state-metrics.js';

/** Publishes figures about the service, in the text format of Prometheus. */
@Module({
  imports: [MetricsStore],
  providers: [
    { provide: MetricsServer, inject: [Registry], useFactory: (registry: Registry) => new MetricsServer(registry) },
  ],
})
export class MetricsModule implements OnModuleInit, OnModuleDestroy {
  private unsubscribe: () => void = () => undefined;

  constructor(
    @Inject(Registry) private readonly registry: Registry,
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost<HttpServerAdapter>,
    @Inject(AuthEvents) private readonly events: AuthEvents,
    @Inject(IssuerKeys) private readonly keys: IssuerKeys,
    @Inject(PolicyDataMetrics) private readonly policyData: PolicyDataMetrics,
    @Inject(Storage) private readonly storage: Storage,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(MetricsServer) private readonly server: MetricsServer,
  ) {}

  /** With a port of their own they are not served with everything else. */
  static forRoot({ port }: MetricsConfig): DynamicModule {
    return { module: MetricsModule, controllers: port === undefined ? [MetricsController] : [] };
  }

  onModuleInit(): void {
    const { registry, keys, policyData, clock } = this;
    collectDefaultMetrics({ register: registry });
    const pendingRequests = (): number => this.host.httpAdapter.pendingRequests;
    registerStateMetrics(registry, { keys, policyData, clock, pendingRequests, pool: this.storage.poolUse });
    const answers = new AnswerMetrics(registry);
    this.host.httpAdapter.listenToAnswers((answer) => answers.note(answer));
    const authentication = new AuthenticationMetrics(registry);
    this.unsubscribe = this.events.subscribe((event) => authentication.note(event));
  }

  async onModuleDestroy(): Promise<void> {
    this.unsubscribe();
    await this.server.close();
  }
}
