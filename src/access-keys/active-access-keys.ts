import type { LiveIndex } from '../storage/live-rows.js';

/** An access key that may be used until then; at 0 it may not be used any more. */
export interface ActiveAccessKey {
  readonly jti: string;
  readonly endsAtMs: number;
}

const HOUR_MS = 3_600_000;

/** The access keys that may be used, in memory: asked on every request that comes with one. */
export class ActiveAccessKeys implements LiveIndex<ActiveAccessKey, ActiveAccessKey> {
  private ends = new Map<string, number>();
  private readonly notedMs = new Map<string, number>();
  private uses = new Map<string, Date>();

  /** Whether the key may be used now; if so, that is taken for its use. */
  isActive(jti: string, now: Date): boolean {
    const end = this.ends.get(jti);
    const nowMs = now.getTime();
    if (end === undefined || nowMs >= end) return false;
    // When it was used is told to the hour.
    if (nowMs - (this.notedMs.get(jti) ?? Number.NEGATIVE_INFINITY) >= HOUR_MS) {
      this.notedMs.set(jti, nowMs);
      this.uses.set(jti, now);
    }
    return true;
  }

  apply({ jti, endsAtMs }: ActiveAccessKey): void {
    if (endsAtMs > 0) this.ends.set(jti, endsAtMs);
    else this.forget(jti);
  }

  replaceAll(keys: Iterable<ActiveAccessKey>): void {
    this.ends = new Map([...keys].map(({ jti, endsAtMs }) => [jti, endsAtMs]));
    for (const jti of this.notedMs.keys()) if (!this.ends.has(jti)) this.forget(jti);
  }

  /** When which keys were used, since it was last taken: at most once an hour for each. */
  takeUses(): ReadonlyMap<string, Date> {
    const taken = this.uses;
    this.uses = new Map();
    return taken;
  }

  /** Takes back what could not be written down; what has happened since is later. */
  returnUses(uses: ReadonlyMap<string, Date>): void {
    this.uses = new Map([...uses, ...this.uses]);
  }

  private forget(jti: string): void {
    this.ends.delete(jti);
    this.notedMs.delete(jti);
  }
}
