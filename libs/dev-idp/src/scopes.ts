const areas = ['platform', 'auth', 'entities', 'files', 'guardrails', 'inference', 'intake', 'models'];

/** The platform's scopes, which live on its resource server. */
export const platformScopes: readonly string[] = areas.flatMap((area) => [`${area}:read`, `${area}:write`]);

/** The scopes OpenID Connect itself defines and this provider serves. */
export const oidcScopes: readonly string[] = ['openid', 'profile', 'email', 'offline_access'];

/** Every scope a client may ask for, unless its own settings name fewer. */
export const knownScopes: readonly string[] = [...oidcScopes, ...platformScopes];

/** Splits a `scope` parameter at white space. @see RFC 6749 §3.3 */
export function splitScope(scope: unknown): readonly string[] {
  return typeof scope === 'string' ? scope.split(/\s+/).filter((token) => token !== '') : [];
}
