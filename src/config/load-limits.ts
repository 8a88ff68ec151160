import { IsInt, Max, Min } from 'class-validator';
import { defaultHttpLimits } from '../http/http-limits.js';
import { checkedSettings } from './checked-settings.js';
import type { Settings } from './file-settings.js';

const mostRequests = 'server.max_pending_requests must be a whole number between 0 and 1000000';
const mostDelay = 'server.max_event_loop_delay_ms must be a whole number between 0 and 60000';

/** How much the service takes on before it says that it is too much, with the rules and defaults of the settings. */
export class LoadLimits {
  /** `0`: as many as come. */
  @IsInt({ message: mostRequests })
  @Min(0, { message: mostRequests })
  @Max(1_000_000, { message: mostRequests })
  maxPendingRequests = defaultHttpLimits.maxPendingRequests;

  /** `0`: however late. */
  @IsInt({ message: mostDelay })
  @Min(0, { message: mostDelay })
  @Max(60_000, { message: mostDelay })
  maxEventLoopDelayMs = defaultHttpLimits.maxEventLoopDelayMs;
}

/** Checks the settings, fills in the defaults, and adds a line to `problems` for each that is wrong. */
export function loadLimitsOf(server: Settings | undefined, problems: string[]): Readonly<LoadLimits> {
  const limits = new LoadLimits();
  const given = {
    maxPendingRequests: server?.max_pending_requests,
    maxEventLoopDelayMs: server?.max_event_loop_delay_ms,
  };
  problems.push(...checkedSettings(limits, given));
  return Object.freeze(limits);
}
