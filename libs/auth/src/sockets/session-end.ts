import type { Principal } from '@nmp/tokens';
import type { AuthConfig } from '../auth-config.js';

/** The last moment that a date can have: of what does not end. */
export const NEVER_MS = 8_640_000_000_000_000;

/** When the token behind a principal is refused from, in milliseconds since 1970: where the guard of a request would refuse it. */
export function sessionEndMs({ expiresAt, claims }: Principal, { issuers, clockToleranceSeconds }: AuthConfig): number {
  const issuer = issuers.find(({ issuer: name }) => name === claims.iss);
  const maxAge = issuer?.expectations.maxTokenAgeSeconds;
  const oldestMs = maxAge === undefined || typeof claims.iat !== 'number' ? NEVER_MS : (claims.iat + maxAge) * 1000;
  return Math.min(Math.min(expiresAt.getTime(), oldestMs) + clockToleranceSeconds * 1000, NEVER_MS);
}
