/** The claims set of a token, as it came out of JSON. */
export type Claims = Readonly<Record<string, unknown>>;

/**
 * Where a value is found in a token's claims: a claim's name, several of which the first present one wins, or a function.
 *
 * A name is taken literally if the token has a claim of that name, else as a dotted path into nested objects
 * (`realm_access.roles`). A segment in double quotes is literal: `"https://example.com/app".roles`.
 */
export type ClaimSetting = string | readonly string[] | ((claims: Claims) => unknown);

/** Finds the value a setting points at; `undefined` when it is absent or null. Reads own properties only. */
export function readClaim(claims: Claims, setting: ClaimSetting): unknown {
  if (typeof setting === 'function') return setting(claims) ?? undefined;
  if (typeof setting === 'string') return readNamed(claims, setting);
  for (const name of setting) {
    const value = readNamed(claims, name);
    if (value !== undefined) return value;
  }
  return undefined;
}

function readNamed(claims: Claims, name: string): unknown {
  if (Object.hasOwn(claims, name)) return claims[name] ?? undefined;
  if (!name.includes('.') && !name.includes('"')) return undefined;
  let value: unknown = claims;
  for (const segment of claimPath(name)) {
    if (typeof value !== 'object' || value === null || Array.isArray(value) || !Object.hasOwn(value, segment)) {
      return undefined;
    }
    value = (value as Record<string, unknown>)[segment]; // an object, by the check above
  }
  return value ?? undefined;
}

/** Splits a dotted path into its segments; quotes keep the dots of a segment together. */
export function claimPath(path: string): string[] {
  return [...path.matchAll(/"([^"]*)"|([^."]+)/g)].map((match) => match[1] ?? match[2] ?? '');
}

/** What a path looks like when it can be read; anything else is a mistake in the configuration. */
export function isClaimPath(path: string): boolean {
  return path.length > 0 && (!path.includes('"') || /^("[^"]+"|[^."]+)(\.("[^"]+"|[^."]+))*$/.test(path));
}

/** A list of strings from what providers put into list claims: a list, a comma-separated string, or an object's keys. */
export function stringsOfClaim(value: unknown): string[] {
  if (typeof value === 'string') return trimmed(value.split(','));
  if (Array.isArray(value)) return trimmed(value.filter((item): item is string => typeof item === 'string'));
  if (typeof value === 'object' && value !== null) return trimmed(Object.keys(value));
  return [];
}

function trimmed(values: readonly string[]): string[] {
  return values.map((value) => value.trim()).filter((value) => value !== '');
}
