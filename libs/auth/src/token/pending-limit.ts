import { OverloadedError } from '@nmp/tokens';

/** Bounds how much is waited for at a time: what comes on top is refused at once, not later. */
export class PendingLimit {
  private pending = 0;

  /** @param what is waited for, for the log */
  constructor(
    private readonly max: number,
    private readonly what: string,
  ) {}

  /** Takes a place, which has to be left again. @throws {OverloadedError} when there is none. */
  enter(): void {
    if (this.pending >= this.max)
      throw new OverloadedError(`More than ${this.max} tokens are waiting for ${this.what}`);
    this.pending++;
  }

  leave(): void {
    this.pending--;
  }

  /** Waits in a place for what has been begun. @throws {OverloadedError} when there is none; what was begun goes on. */
  async hold<T>(begun: Promise<T>): Promise<T> {
    try {
      this.enter();
    } catch (error) {
      begun.catch(() => undefined); // nobody waits for it any more
      throw error;
    }
    try {
      return await begun;
    } finally {
      this.leave();
    }
  }
}
