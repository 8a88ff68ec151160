import type { KeySetEvents } from './key-set-events.js';

/** Where the lines go: a Nest logger, say. */
export interface KeySetLogger {
  /** Takes what somebody should look at. */
  warn(line: string): void;
  /** Takes what is good to know. */
  log(line: string): void;
}

/** Writes what happens to the keys of issuers into a log; that they were fetched as they should be is not worth a line. */
export function keySetLog(logger: KeySetLogger): KeySetEvents {
  return {
    refreshed: () => {},
    unavailable: (issuer, reason) =>
      logger.warn(`Keys of ${issuer} cannot be fetched (${reason}); trying again when they are needed`),
    recovered: (issuer) => logger.log(`Keys of ${issuer} fetched again`),
    privateKeysPublished: (issuer) =>
      logger.warn(`The key set of ${issuer} holds private or symmetric keys: whoever reads it can sign tokens`),
  };
}
