import type { Clock } from '@nmp/sdk';

/** A clock that stands still; sleeping moves it on at once. */
export class FakeClock implements Clock {
  /** How long each sleep was, in seconds. */
  readonly sleptSeconds: number[] = [];
  private current: number;

  /** @param onSleep Runs before each sleep ends, for instance to press Ctrl-C. */
  constructor(
    start = '2030-01-01T00:00:00Z',
    private readonly onSleep?: (count: number) => void,
  ) {
    this.current = Date.parse(start);
  }

  now(): Date {
    return new Date(this.current);
  }

  advance(seconds: number): void {
    this.current += seconds * 1000;
  }

  async sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    this.sleptSeconds.push(milliseconds / 1000);
    this.current += milliseconds;
    this.onSleep?.(this.sleptSeconds.length);
    signal?.throwIfAborted();
    return Promise.resolve();
  }
}
