import { Counter, type Registry } from 'prom-client';

/** How often the role bindings were read from the database, and when they last were. */
export class PolicyDataMetrics {
  private readonly reads: Counter<'outcome'>;
  private lastReadAt: Date | undefined;

  constructor(registry: Registry) {
    this.reads = new Counter({
      name: 'nmp_policy_data_refreshes_total',
      help: 'How often the role bindings were read from the database, or found to be the same.',
      labelNames: ['outcome'],
      registers: [registry],
    });
    for (const outcome of ['ok', 'failed']) this.reads.inc({ outcome }, 0);
  }

  /** When the role bindings were last as they are in the database; `undefined` when they never were. */
  get readAt(): Date | undefined {
    return this.lastReadAt;
  }

  noteRead(now: Date): void {
    this.lastReadAt = now;
    this.reads.inc({ outcome: 'ok' });
  }

  noteFailure(): void {
    this.reads.inc({ outcome: 'failed' });
  }
}
