import { expiryOf } from './claim-checks.js';
import type { Claims } from './claims.js';
import { FixedDate } from './fixed-date.js';

const LATEST_DATE_MS = 8_640_000_000_000_000;

/** Freezes claims all the way down: remembered principals serve many requests, and nothing that a handler does to one may show in the next. */
export function deepFrozen(claims: Claims): Claims {
  const open: object[] = [claims];
  for (const value of open) {
    Object.freeze(value);
    // Claims come out of JSON: no value is reached twice. A list grows while it is gone through; no recursion, however deep.
    for (const member of Object.values(value))
      if (typeof member === 'object' && member !== null) open.push(member as object);
  }
  return claims;
}

/** When a token ends, as a date that nobody can change. */
export function expirationOf(claims: Claims): Date {
  return new FixedDate(Math.min(expiryOf(claims) * 1000, LATEST_DATE_MS));
}
