import type { InvalidTokenError } from '@nmp/tokens';

const MAX_TOKENS = 1000;

/** Remembers for a moment which tokens were refused and why, so that whoever insists asks nobody. Bounded. */
export class RefusedTokens {
  private readonly refusals = new Map<string, { readonly error: InvalidTokenError; readonly untilMs: number }>();

  constructor(private readonly lifeMs: number) {}

  get(id: string, nowMs: number): InvalidTokenError | undefined {
    const refusal = this.refusals.get(id);
    if (refusal === undefined || nowMs < refusal.untilMs) return refusal?.error;
    this.refusals.delete(id);
    return undefined;
  }

  set(id: string, error: InvalidTokenError, nowMs: number): void {
    if (this.lifeMs === 0) return;
    const [oldest] = this.refusals.keys();
    if (oldest !== undefined && this.refusals.size >= MAX_TOKENS) this.refusals.delete(oldest);
    this.refusals.set(id, { error, untilMs: nowMs + this.lifeMs });
  }
}
