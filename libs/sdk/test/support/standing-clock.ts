import type { Clock } from '@nmp/sdk';

/** A clock whose time never passes: sleep ends only by its signal. */
export class StandingClock implements Clock {
  /** How many sleep at the moment. */
  sleepers = 0;

  now(): Date {
    return new Date('2030-01-01T00:00:00Z');
  }

  sleep(_milliseconds: number, signal?: AbortSignal): Promise<void> {
    this.sleepers += 1;
    return new Promise((_, reject) => {
      const wake = (): void => {
        this.sleepers -= 1;
        reject(signal?.reason as Error);
      };
      if (signal?.aborted) wake();
      else signal?.addEventListener('abort', wake, { once: true });
    });
  }
}
