import type { Settings } from './file-settings.js';

/** Whether and where figures about the service can be read. */
export interface MetricsConfig {
  readonly enabled: boolean;
  /** Where the port is; of no meaning without one. */
  readonly host: string;
  /** A port of their own; `undefined` serves them with everything else. */
  readonly port: number | undefined;
}

/** Checks the settings, fills in the defaults, and adds a line to `problems` for each that is wrong. */
export function metricsConfigOf(
  settings: Settings | undefined,
  server: { readonly host: string; readonly port: number },
  problems: string[],
): MetricsConfig {
  const { enabled = true, host = server.host, port } = (settings ?? {}) as Partial<MetricsConfig>; // by the tree
  if (!/^[\w.:-]+$/.test(host)) problems.push('metrics.host must be a host name or an address');
  const isPort = port === undefined || (port >= 0 && port <= 65_535);
  if (!isPort) problems.push('metrics.port must be between 0 and 65535');
  if (enabled && port === server.port && port !== 0 && overlap(host, server.host)) {
    problems.push('metrics.port must not be server.port: leave it out to have the figures at the port of the service');
  }
  return Object.freeze({ enabled, host, port });
}

/** Whether one of the two cannot listen where the other does. */
function overlap(host: string, other: string): boolean {
  return host === other || [host, other].some((name) => name === '0.0.0.0' || name === '::');
}
