import { setTimeout as sleep } from 'node:timers/promises';
import { Global, Module } from '@nestjs/common';
import { AuthConfig, Clock, OpaPolicyDecisionPoint, PolicyDecisionPoint } from '@nmp/auth';
import { PLATFORM_CONFIG } from '../../config/config.module.js';
import type { PlatformConfig } from '../../config/platform-config.js';
import { DecisionMetrics } from '../../metrics/decision-metrics.js';
import { MeasuredOpa } from '../../metrics/measured-opa.js';
import { MetricsStore } from '../../metrics/metrics-store.module.js';
import { Callers } from '../callers.service.js';
import { PolicyModule } from '../policy.module.js';
import { DecisionPointProbe } from './decision-point-probe.js';
import { OpaPropagation } from './opa-propagation.js';
import { RolePropagation } from './role-propagation.js';

const CONFIRMED_WITHIN_MS = 30_000;

/** Lets an Open Policy Agent, which loads the bundle, decide about every request. */
@Global()
@Module({
  imports: [PolicyModule, MetricsStore],
  providers: [
    {
      provide: OpaPolicyDecisionPoint,
      inject: [PLATFORM_CONFIG, AuthConfig, DecisionMetrics],
      useFactory: decisionPointOf,
    },
    {
      provide: PolicyDecisionPoint,
      inject: [OpaPolicyDecisionPoint, Callers],
      useFactory: (opa: OpaPolicyDecisionPoint, callers: Callers): PolicyDecisionPoint => ({
        hasPermissions: (query) => opa.hasPermissions({ ...query, principal: callers.known(query.principal) }),
      }),
    },
    {
      provide: DecisionPointProbe,
      inject: [OpaPolicyDecisionPoint, Clock],
      useFactory: (opa: OpaPolicyDecisionPoint, clock: Clock) => new DecisionPointProbe(opa, clock),
    },
    {
      provide: RolePropagation,
      inject: [OpaPolicyDecisionPoint, PLATFORM_CONFIG, Clock],
      useFactory: (opa: OpaPolicyDecisionPoint, { policy }: PlatformConfig, clock: Clock) => {
        const times = { pollMs: policy.propagationPollSeconds * 1000, timeoutMs: CONFIRMED_WITHIN_MS };
        return new OpaPropagation(opa, times, async (milliseconds) => sleep(milliseconds), clock);
      },
    },
  ],
  exports: [PolicyModule, OpaPolicyDecisionPoint, PolicyDecisionPoint, RolePropagation, DecisionPointProbe],
})
export class OpaPolicyModule {}

function decisionPointOf(
  { policy, auth }: PlatformConfig,
  config: AuthConfig,
  metrics: DecisionMetrics,
): OpaPolicyDecisionPoint {
  const { decisionPointUrl: url = '', decisionPointToken: token, requestTimeoutSeconds } = policy;
  const options = {
    url,
    timeoutMs: requestTimeoutSeconds * 1000,
    allowInsecureHttp: auth.allowInsecureHttp ?? false,
    ...(token !== undefined && { token }),
  };
  return new MeasuredOpa(options, config, metrics);
}
