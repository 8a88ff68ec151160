/** Where the provider writes one line per event; nothing secret is ever passed to it. */
export interface Logger {
  info(line: string): void;
  warn(line: string): void;
}

/** The default of the programmatic API: tests stay quiet. */
export const silentLogger: Logger = { info: () => {}, warn: () => {} };
