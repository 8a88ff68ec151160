/** The area whose scopes count for every area: `platform:read` satisfies `<area>:read`. */
export const PLATFORM_AREA = 'platform';

/** The areas of the platform's own APIs. A scope `<area>:<verb>` of one of them restricts what its token may do. */
export const PLATFORM_AREAS: readonly string[] = [
  PLATFORM_AREA,
  'auth',
  'entities',
  'files',
  'guardrails',
  'inference',
  'intake',
  'models',
];

/** When missing scopes refuse a request: always, or only when the token has any scope of a known area. */
export type ScopeEnforcement = 'always' | 'when-present';

/** What a handler asks of a token's scopes. */
export interface ScopeRequirement {
  readonly mode: 'all' | 'any';
  readonly scopes: readonly string[];
}

/**
 * Which scopes include which others. In a key and in its values `*` stands for one area or one verb; a `*` in a value
 * takes what the `*` at the same place of the key stood for, else it stands for all.
 * @example { '*:write': ['*:read'], 'platform:admin': ['*:*'] }
 */
export type ScopeHierarchy = Readonly<Record<string, readonly string[]>>;

/** How scopes are judged in one application. */
export interface ScopePolicy {
  /** What scopes include beside themselves. @default nothing: writing does not include reading */
  readonly hierarchy?: ScopeHierarchy;
  readonly enforcement: ScopeEnforcement;
  /** The areas whose scopes restrict a token; a scope of any other area (`urn:…`, `https://…`) is somebody else's. */
  readonly areas: ReadonlySet<string>;
}

/** Reads a scope value: a string split on white space, or a list of strings. @see RFC 6749 §3.3 */
export function parseScopes(value: unknown): string[] {
  if (typeof value === 'string') return value.split(/\s+/).filter((scope) => scope !== '');
  if (Array.isArray(value)) return value.filter((scope): scope is string => typeof scope === 'string' && scope !== '');
  return [];
}

/** The scopes of a token: claim `scope` if it names any, else `scp`. @see RFC 8693 §4.2 */
export function scopesOfClaims(
  claims: { readonly scope?: unknown; readonly scp?: unknown },
  prefix?: string,
): string[] {
  const scopes = parseScopes(claims.scope);
  const found = scopes.length > 0 ? scopes : parseScopes(claims.scp);
  return prefix === undefined ? found : found.map((scope) => stripScopePrefix(scope, prefix));
}

/** A prefix in its one form: ending in exactly one `/`, or in `:` if that is how it was written. */
export function normalizeScopePrefix(prefix: string): string {
  return prefix.endsWith(':') ? prefix : `${prefix.replace(/\/+$/, '')}/`;
}

/** Takes the prefix off a scope, once. Prefixes are compared exactly, case included. */
export function stripScopePrefix(scope: string, prefix?: string): string {
  if (!prefix) return scope;
  const normalized = normalizeScopePrefix(prefix);
  return scope.startsWith(normalized) ? scope.slice(normalized.length) : scope;
}

/**
 * Puts the prefix before a scope of the platform, once: only `<area>:<verb>` gets it; plain OIDC scopes, `….default`
 * and scopes that are already qualified stay as they are.
 */
export function addScopePrefix(scope: string, prefix?: string): string {
  if (!prefix || !scope.includes(':') || scope.includes('://') || scope.endsWith('.default')) return scope;
  const normalized = normalizeScopePrefix(prefix);
  return scope.startsWith(normalized) ? scope : normalized + scope;
}

/** Which of the requested platform scopes (`<area>:<verb>`) were not granted, in short form. Other scopes are not looked at. */
export function missingScopes(requested: readonly string[], granted: readonly string[], prefix?: string): string[] {
  const have = new Set(granted.map((scope) => stripScopePrefix(scope, prefix)));
  return requested
    .map((scope) => stripScopePrefix(scope, prefix))
    .filter((scope) => isAreaScope(scope) && !have.has(scope));
}

/** Whether a token's scopes meet a requirement. */
export function meetsScopes(granted: readonly string[], requirement: ScopeRequirement, policy: ScopePolicy): boolean {
  if (requirement.scopes.length === 0) return true;
  if (policy.enforcement === 'when-present' && !granted.some((scope) => policy.areas.has(areaOf(scope)))) return true;
  const has = (scope: string): boolean => granted.includes(scope) || isIncluded(scope, granted, policy.hierarchy);
  const satisfied = (required: string): boolean => has(required) || has(platformTwin(required));
  return requirement.mode === 'all' ? requirement.scopes.every(satisfied) : requirement.scopes.some(satisfied);
}

/** Whether one of the granted scopes includes a scope, directly or through others. */
function isIncluded(scope: string, granted: readonly string[], hierarchy: ScopeHierarchy | undefined): boolean {
  if (hierarchy === undefined) return false;
  // Stars are the configuration's: in a scope of a token they are letters like others, and include nothing.
  const seen = new Set(granted.filter((held) => !held.includes('*')));
  for (const held of seen) {
    for (const [key, included] of Object.entries(hierarchy)) {
      const stars = matchPattern(key, held);
      if (stars === undefined) continue;
      for (const pattern of included) {
        const filled = fillPattern(pattern, stars);
        if (matchPattern(filled, scope)) return true;
        seen.add(filled); // a Set hands out what is added while it is gone through
      }
    }
  }
  return false;
}

/** What the stars of a pattern stand for in a scope, area and verb; `undefined` when it does not fit. */
function matchPattern(pattern: string, scope: string): readonly (string | undefined)[] | undefined {
  const [wanted, given] = [pattern.split(':'), scope.split(':')];
  if (wanted.length !== given.length) return undefined;
  const fits = wanted.every((part, at) => part === '*' || part === given[at]);
  return fits ? wanted.map((part, at) => (part === '*' ? given[at] : undefined)) : undefined;
}

function fillPattern(pattern: string, stars: readonly (string | undefined)[]): string {
  return pattern
    .split(':')
    .map((part, at) => (part === '*' ? (stars[at] ?? '*') : part))
    .join(':');
}

/** The area of a scope `<area>:<verb>`; an empty string for any other scope. */
export function areaOf(scope: string): string {
  return isAreaScope(scope) ? scope.slice(0, scope.indexOf(':')) : '';
}

function isAreaScope(scope: string): boolean {
  return /^[a-z][a-z0-9_-]*:[^:/]+$/.test(scope);
}

/** The scope of the platform that stands for a scope of one area: `platform:read` for `models:read`, itself for any other verb. */
function platformTwin(scope: string): string {
  const verb = scope.slice(scope.indexOf(':') + 1);
  return isAreaScope(scope) && (verb === 'read' || verb === 'write') ? `${PLATFORM_AREA}:${verb}` : scope;
}
