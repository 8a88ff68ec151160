import { Global, Module } from '@nestjs/common';
import { AuthConfig, PolicyDecisionPoint } from '@nmp/auth';
import { DecisionMetrics } from '../../metrics/decision-metrics.js';
import { MeasuredPolicyEngine } from '../../metrics/measured-policy-engine.js';
import { MetricsStore } from '../../metrics/metrics-store.module.js';
import { Callers } from '../callers.service.js';
import { EmbeddedPolicyEngine } from '../engine/embedded-policy-engine.js';
import { platformEndpoints } from '../engine/platform-endpoints.js';
import { readCompiledPolicy } from '../engine/policy-artefact.js';
import { RoleCatalogue } from '../engine/role-catalogue.js';
import { LiveBindings } from '../live/live-bindings.js';
import { Propagation } from '../live/propagation.js';
import { PolicyModule } from '../policy.module.js';
import { policySettingsOf } from '../policy-settings.js';
import { DecisionsController } from './decisions.controller.js';
import { EmbeddedDecisionPoint } from './embedded-decision-point.js';
import { RolePropagation } from './role-propagation.js';

const CONFIRMED_WITHIN_MS = 5000;

/** Decides in this process, for it and for the platform's other services. */
@Global()
@Module({
  imports: [PolicyModule, MetricsStore],
  controllers: [DecisionsController],
  providers: [
    {
      provide: EmbeddedPolicyEngine,
      inject: [AuthConfig, RoleCatalogue, LiveBindings, DecisionMetrics],
      useFactory: (config: AuthConfig, roles: RoleCatalogue, { index }: LiveBindings, metrics: DecisionMetrics) => {
        const options = {
          wasm: readCompiledPolicy(),
          roles,
          bindings: index,
          endpoints: platformEndpoints,
          settings: policySettingsOf(config),
        };
        return new MeasuredPolicyEngine(options, metrics);
      },
    },
    {
      provide: PolicyDecisionPoint,
      inject: [EmbeddedPolicyEngine, Callers],
      useFactory: (engine: EmbeddedPolicyEngine, callers: Callers) =>
        new EmbeddedDecisionPoint(engine, (principal) => callers.forPolicy(principal)),
    },
    {
      provide: RolePropagation,
      inject: [Propagation],
      useFactory: (propagation: Propagation): RolePropagation => ({
        isConfirmed: () => propagation.reachesAll(CONFIRMED_WITHIN_MS),
      }),
    },
  ],
  exports: [PolicyDecisionPoint, RolePropagation],
})
export class EmbeddedPolicyModule {}
