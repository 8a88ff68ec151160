/** How long requests are refused after the loop was late: as long as clients are told to wait. */
export const RELIEF_MS = 1_000;

const INTERVAL_MS = 100;

/**
 * Watches how late timers are. A single late one means nothing: something took long, and is over. After two in a row the
 * loop has more to do than it can.
 */
export class EventLoopDelay {
  private timer: NodeJS.Timeout | undefined;
  private wasLate = false;
  private lateUntilMs = Number.NEGATIVE_INFINITY;

  /**
   * @param maxDelayMs from when on a timer is late; `0`: never
   * @param nowMs a clock that is never set back
   */
  constructor(
    private readonly maxDelayMs: number,
    private readonly nowMs: () => number = () => performance.now(),
  ) {}

  get isTooLong(): boolean {
    return this.nowMs() < this.lateUntilMs;
  }

  start(): void {
    if (this.maxDelayMs > 0) this.next();
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  /** Notes how late a timer was. */
  note(delayMs: number): void {
    const isLate = delayMs > this.maxDelayMs;
    if (isLate && this.wasLate) this.lateUntilMs = this.nowMs() + RELIEF_MS;
    this.wasLate = isLate;
  }

  private next(): void {
    const dueMs = this.nowMs() + INTERVAL_MS;
    this.timer = setTimeout(() => {
      this.note(this.nowMs() - dueMs);
      this.next();
    }, INTERVAL_MS).unref();
  }
}
