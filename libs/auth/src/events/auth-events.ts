import type { Clock } from '../clock.js';
import type { AuthEvent, AuthEventListener } from './auth-event.js';

const SILENCE_MS = 60_000;

/** Where the failures of listeners are written. */
export interface ListenerFailureSink {
  error(line: string): void;
}

/**
 * Tells listeners what happens at the door of the application: who was let in, who was refused and why, and how it is
 * with the keys of the issuers.
 *
 * A listener that fails is logged, once a minute at the most, and changes nothing for the request or for other listeners.
 * @example
 * constructor(@Inject(AuthEvents) events: AuthEvents) {
 *   events.subscribe((event) => { if (event.type === 'refused') count(event.code); });
 * }
 */
export class AuthEvents {
  private listeners: readonly AuthEventListener[] = [];
  private failures = { writtenAtMs: Number.NEGATIVE_INFINITY, unwritten: 0 };

  constructor(
    private readonly sink: ListenerFailureSink,
    private readonly clock: Clock,
  ) {}

  /** Whether anybody listens: whoever would have to make an event asks first. */
  get isObserved(): boolean {
    return this.listeners.length > 0;
  }

  /**
   * Adds a listener.
   * @returns what takes it away again.
   */
  subscribe(listener: AuthEventListener): () => void {
    const own: AuthEventListener = (event) => listener(event); // the same function may be added twice
    this.listeners = [...this.listeners, own];
    return () => {
      this.listeners = this.listeners.filter((other) => other !== own);
    };
  }

  /** Tells everybody who listens at this moment. */
  emit(event: AuthEvent): void {
    for (const listener of this.listeners) {
      try {
        const returned: unknown = listener(event);
        // A listener may be an asynchronous function: nobody else would see it fail.
        if (returned instanceof Promise) returned.catch((error: unknown) => this.writeFailure(event, error));
      } catch (error) {
        this.writeFailure(event, error);
      }
    }
  }

  private writeFailure({ type }: AuthEvent, error: unknown): void {
    const nowMs = this.clock.now().getTime();
    const { writtenAtMs, unwritten } = this.failures;
    if (nowMs < writtenAtMs + SILENCE_MS) {
      this.failures.unwritten += 1;
      return;
    }
    this.failures = { writtenAtMs: nowMs, unwritten: 0 };
    const others = unwritten > 0 ? ` (and ${unwritten} more since the last line like this)` : '';
    const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.sink.error(`A listener of AuthEvents failed at "${type}"${others}: ${reason}`);
  }
}
