import type { NotificationListener } from './notifications.js';

const MINUTE_MS = 60_000;

/**
 * Stands before a listener, for whoever may connect to the database may say anything on its channels: what the listener
 * cannot make sense of does not end the process. It may have stood for something, so that the listener is told, once a
 * minute, that it may have missed something, and the operator as often.
 */
export class GuardedListener implements NotificationListener {
  private warnedAtMs = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly channel: string,
    private readonly listener: NotificationListener,
    private readonly warn: (line: string) => void,
    private readonly nowMs: () => number = () => performance.now(),
  ) {}

  message(payload: string): void {
    try {
      this.listener.message(payload);
    } catch {
      if (this.nowMs() - this.warnedAtMs < MINUTE_MS) return;
      this.warnedAtMs = this.nowMs();
      // Not what was said: it is anybody's.
      this.warn(`A notification on the channel ${this.channel} of the database was not understood, and is left out`);
      this.listener.resumed();
    }
  }

  resumed(): void {
    this.listener.resumed();
  }
}
