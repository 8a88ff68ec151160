import { Module } from '@nestjs/common';
import { Registry } from 'prom-client';
import { DecisionMetrics } from './decision-metrics.js';
import { PolicyDataMetrics } from './policy-data-metrics.js';

/** What counts and measures in the midst of other work, whether anybody reads it or not. */
@Module({
  providers: [
    { provide: Registry, useFactory: () => new Registry() },
    { provide: DecisionMetrics, inject: [Registry], useFactory: (registry: Registry) => new DecisionMetrics(registry) },
    {
      provide: PolicyDataMetrics,
      inject: [Registry],
      useFactory: (registry: Registry) => new PolicyDataMetrics(registry),
    },
  ],
  exports: [Registry, DecisionMetrics, PolicyDataMetrics],
})
export class MetricsStore {}
