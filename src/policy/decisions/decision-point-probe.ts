import type { Clock, OpaPolicyDecisionPoint } from '@nmp/auth';
import { inTime } from '../../in-time.js';

const TIMEOUT_MS = 500;
const REMEMBERED_MS = 1000;

/** Finds out whether the Open Policy Agent decides. However often that is wanted, it is asked once a second at most. */
export class DecisionPointProbe {
  private askedAt = Number.NEGATIVE_INFINITY;
  private latest: Promise<boolean> = Promise.resolve(false);

  constructor(
    private readonly opa: Pick<OpaPolicyDecisionPoint, 'hasRole'>,
    private readonly clock: Clock,
  ) {}

  isDeciding(): Promise<boolean> {
    const now = this.clock.now().getTime();
    if (now - this.askedAt >= REMEMBERED_MS) {
      this.askedAt = now;
      this.latest = this.ask();
    }
    return this.latest;
  }

  /** What it decides does not matter: nobody is asked about. */
  private ask(): Promise<boolean> {
    const nobody = { kind: 'user', issuer: '', id: '@', groups: [], scopes: [] } as const;
    return inTime(TIMEOUT_MS, this.opa.hasRole(nobody, 'default', 'Viewer'));
  }
}
