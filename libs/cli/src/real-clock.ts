import type { Clock } from '@nmp/sdk';

/** The machine's clock. The SDK's own is the same one, but loading the SDK is left to the commands that need it. */
export const realClock: Clock = {
  now: () => new Date(),
  sleep: async (milliseconds, signal) => (await import('@nmp/sdk')).systemClock.sleep(milliseconds, signal),
};
