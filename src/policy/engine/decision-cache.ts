/** Keys longer than this are not worth their memory. */
const greatestKeyLength = 4096;

/** Remembers decisions for as long as nothing they were made from changes, the oldest forgotten first. */
export class DecisionCache<T> {
  private readonly decisions = new Map<string, T>();
  private revision = 0;

  /** @param max how many decisions are remembered; 0: none */
  constructor(private readonly max: number) {}

  get size(): number {
    return this.decisions.size;
  }

  /** @param revision of what decisions are made from; all that was decided by another one is forgotten */
  get(key: string, revision: number): T | undefined {
    if (revision !== this.revision) this.restart(revision);
    return this.decisions.get(key);
  }

  /** @param revision as it was before the decision was made */
  set(key: string, revision: number, decision: T): void {
    if (revision !== this.revision || this.max === 0 || key.length > greatestKeyLength) return;
    if (this.decisions.size >= this.max) this.forgetOldest();
    this.decisions.set(key, decision);
  }

  private restart(revision: number): void {
    this.decisions.clear();
    this.revision = revision;
  }

  private forgetOldest(): void {
    // A map hands its keys out in the order in which they came.
    for (const oldest of this.decisions.keys()) {
      this.decisions.delete(oldest);
      return;
    }
  }
}
