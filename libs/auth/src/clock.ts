/** Where the module takes the time from. Provide your own under the token of the same name to set the time in tests. */
export interface Clock {
  /** The present time. */
  now(): Date;
}

/** The token of the clock that the module asks. */
export const Clock = Symbol.for('@nmp/auth:Clock');

/** The clock of the machine. */
export const systemClock: Clock = { now: () => new Date() };
