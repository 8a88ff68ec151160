import type { ApiRequest } from './api-client.js';
import type { Clock } from './clock.js';
import { retryAfterSeconds } from './grants/retry-after.js';

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 8000;
const LONGEST_ASKED_SECONDS = 60;

/** How often a request is repeated, and what the pauses between are made of. */
export interface RetryPolicy {
  readonly maxRetries: number;
  readonly clock: Clock;
  /** A number from 0 to below 1. */
  readonly random: () => number;
}

/**
 * How long to wait before a request is repeated, in milliseconds, or `undefined` when it is not. Repeated is what the server
 * did not do: it was busy (429), or away (503; then a creation only if the server says when to come back).
 * @param retries How often it was repeated already.
 * @see RFC 9110 §10.2.3, §15.6.4; RFC 6585 §4
 */
export function waitBeforeRetry(
  { method }: ApiRequest,
  response: Response,
  retries: number,
  { maxRetries, clock, random }: RetryPolicy,
): number | undefined {
  if (retries >= maxRetries) return undefined;
  const asked = retryAfterSeconds(response.headers, clock.now());
  const isUndone = response.status === 429 || (response.status === 503 && (method !== 'POST' || asked !== undefined));
  if (!isUndone) return undefined;
  const wait = Math.min(FIRST_WAIT_MS * 2 ** retries, LONGEST_WAIT_MS);
  // Many clients that were refused together should not come back together.
  if (asked === undefined) return wait * (0.5 + random() / 2);
  return asked > LONGEST_ASKED_SECONDS ? undefined : asked * 1000 + wait * random();
}
