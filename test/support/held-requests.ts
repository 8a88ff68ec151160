/** A fetch whose requests wait, while it holds them, until they are let go. */
export class HeldRequests {
  isHolding = false;
  private readonly waiting: (() => void)[] = [];

  readonly fetch = async (url: string, init: RequestInit): Promise<Response> => {
    if (this.isHolding) await new Promise<void>((resolve) => this.waiting.push(resolve));
    return fetch(url, init);
  };

  letGo(): void {
    this.isHolding = false;
    for (const go of this.waiting.splice(0)) go();
  }
}

/** The first so many of what is waited for, in the order in which they came. */
export function firstOf<T>(promises: readonly Promise<T>[], count: number): Promise<T[]> {
  const arrived: T[] = [];
  const note = (value: T, enough: (all: T[]) => void): void => {
    arrived.push(value);
    if (arrived.length === count) enough(arrived);
  };
  return new Promise((resolve, reject) => {
    for (const promise of promises) void promise.then((value) => note(value, resolve), reject);
  });
}
