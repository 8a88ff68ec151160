const everyMethod: ReadonlySet<string> = new Set([
  '/status',
  '/cluster-info',
  '/health',
  '/healthz',
  '/health/live',
  '/health/ready',
  '/ready',
  '/readyz',
  '/metrics',
  '/apis/auth/discovery',
  '/apis/auth/jwks',
  '/apis/auth/token',
  '/apis/auth/authenticate',
  '/apis/auth/ext-authz',
  '/studio',
]);
const reading: ReadonlySet<string> = new Set([
  '/',
  '/apis/plugins',
  '/openapi.json',
  '/docs',
  '/apis/auth/.well-known/openid-configuration',
]);
const below = ['/studio/', '/plugin-ui/', '/apis/auth/ext-authz/', '/apis/auth/ext-authz-hop/'];
const readingBelow = ['/docs/', '/.well-known/'];

/**
 * Whether anybody may send this request without an access token.
 * @param path without the query, as it was sent: what one proxy resolves and the next does not is public nowhere
 */
export function isPublicPath(method: string, path: string): boolean {
  if (isAmbiguous(path)) return false;
  if (everyMethod.has(path) || below.some((prefix) => path.startsWith(prefix))) return true;
  if (method !== 'GET' && method !== 'HEAD') return false;
  return reading.has(path) || readingBelow.some((prefix) => path.startsWith(prefix));
}

/** Steps upwards, empty segments, escapes and path parameters: a path that two programs may read in two ways. */
function isAmbiguous(path: string): boolean {
  return /\/\/|\\|;|%(?:2e|2f|5c|25)|\/\.{1,2}(?:\/|$)/i.test(path);
}
