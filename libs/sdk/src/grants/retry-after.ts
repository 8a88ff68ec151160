/**
 * How long a server asks to be left alone, in whole seconds: `Retry-After` as a number or a date, else the moment named
 * by `X-Rate-Limit-Reset`.
 * @see RFC 9110 §10.2.3
 */
export function retryAfterSeconds(headers: Headers, now: Date): number | undefined {
  const value = headers.get('retry-after')?.trim();
  if (value !== undefined && /^\d{1,9}$/.test(value)) return Number(value);
  const reset = headers.get('x-rate-limit-reset')?.trim();
  const moment = value ? Date.parse(value) : reset && /^\d{1,12}$/.test(reset) ? Number(reset) * 1000 : Number.NaN;
  if (Number.isNaN(moment)) return undefined;
  // The server's own clock, if it tells it: the moment is meant by that clock.
  const serverNow = Date.parse(headers.get('date') ?? '');
  const from = Number.isNaN(serverNow) ? now.getTime() : serverNow;
  return Math.max(0, Math.ceil((moment - from) / 1000));
}
