import type { Claims } from './claims.js';

/** How, and how recently, a user must have signed in. @see RFC 9470 §4 */
export interface AuthContextRequirement {
  /** Authentication context classes of which the token must name one. */
  readonly acr?: string | readonly string[];
  /** How long ago the sign-in may be, in seconds. */
  readonly maxAgeSeconds?: number;
}

/**
 * Whether the sign-in behind a token is as strong and as recent as required, by its `acr` and `auth_time`. A claim that
 * is required and absent, or of another type, does not meet the requirement.
 */
export function meetsAuthContext(claims: Claims, requirement: AuthContextRequirement, nowSeconds: number): boolean {
  const { acr, auth_time: authTime } = claims;
  const accepted = acrValuesOf(requirement);
  if (accepted.length > 0 && !(typeof acr === 'string' && accepted.includes(acr))) return false;
  if (requirement.maxAgeSeconds === undefined) return true;
  return (
    typeof authTime === 'number' && Number.isFinite(authTime) && nowSeconds - authTime <= requirement.maxAgeSeconds
  );
}

/** The authentication context classes a requirement names. */
export function acrValuesOf({ acr }: AuthContextRequirement): readonly string[] {
  return acr === undefined ? [] : [acr].flat();
}
