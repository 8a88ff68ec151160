import type { Clock } from '@nmp/auth';

/** A clock that shows the time it was set to. */
export class SetClock implements Clock {
  private time: number;

  constructor(time: string | number = '2030-01-01T00:00:00Z') {
    this.time = new Date(time).getTime();
  }

  now(): Date {
    return new Date(this.time);
  }

  advance(seconds: number): void {
    this.time += seconds * 1000;
  }
}
