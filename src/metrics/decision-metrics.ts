import { Histogram, type Registry } from 'prom-client';

/** Who decides: the rules in this process, an Open Policy Agent, or the roles as they stand in the database. */
export type DecisionEngine = 'embedded' | 'opa' | 'database';

/** How long decisions about permissions take. */
export class DecisionMetrics {
  private readonly seconds: Histogram<'engine'>;

  constructor(registry: Registry) {
    this.seconds = new Histogram({
      name: 'nmp_policy_decision_duration_seconds',
      help: 'How long a decision about permissions took, one that failed included.',
      labelNames: ['engine'],
      buckets: [0.00001, 0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5],
      registers: [registry],
    });
  }

  /** Measures a decision that is made at once. */
  measure<T>(engine: DecisionEngine, decide: () => T): T {
    const begun = performance.now();
    try {
      return decide();
    } finally {
      this.note(engine, begun);
    }
  }

  /** Measures a decision that is waited for. */
  async measureAnswer<T>(engine: DecisionEngine, decide: () => Promise<T>): Promise<T> {
    const begun = performance.now();
    try {
      return await decide();
    } finally {
      this.note(engine, begun);
    }
  }

  private note(engine: DecisionEngine, begun: number): void {
    this.seconds.observe({ engine }, (performance.now() - begun) / 1000);
  }
}
