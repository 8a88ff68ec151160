import { OpaPolicyDecisionPoint, type OpaPolicyOptions } from '@nmp/auth';
import type { DecisionMetrics } from './decision-metrics.js';

type Issuers = ConstructorParameters<typeof OpaPolicyDecisionPoint>[1];

/** An Open Policy Agent, with a watch. */
export class MeasuredOpa extends OpaPolicyDecisionPoint {
  constructor(
    options: OpaPolicyOptions,
    issuers: Issuers,
    private readonly metrics: DecisionMetrics,
  ) {
    super(options, issuers);
  }

  protected override ask(entrypoint: string, input: object, member: string): Promise<boolean> {
    return this.metrics.measureAnswer('opa', () => super.ask(entrypoint, input, member));
  }
}
