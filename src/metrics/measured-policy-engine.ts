import type { AllowQuestion, PermissionsQuestion, RoleQuestion } from '@nmp/tokens';
import { EmbeddedPolicyEngine, type EngineOptions } from '../policy/engine/embedded-policy-engine.js';
import type { AllowAnswer, PermissionsAnswer, RoleAnswer } from '../policy/engine/policy-questions.js';
import type { DecisionMetrics } from './decision-metrics.js';

/** The engine of this process, with a watch. */
export class MeasuredPolicyEngine extends EmbeddedPolicyEngine {
  constructor(
    options: EngineOptions,
    private readonly metrics: DecisionMetrics,
  ) {
    super(options);
  }

  override allow(question: AllowQuestion): AllowAnswer {
    return this.metrics.measure('embedded', () => super.allow(question));
  }

  override hasPermissions(question: PermissionsQuestion): PermissionsAnswer {
    return this.metrics.measure('embedded', () => super.hasPermissions(question));
  }

  override hasRole(question: RoleQuestion): RoleAnswer {
    return this.metrics.measure('embedded', () => super.hasRole(question));
  }
}
