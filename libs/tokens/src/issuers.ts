/** What stands for the tenant in the issuer of a provider that serves several. */
export const TENANT = '{tenantid}';

/** Whether a token may travel to this address: https, or http on this machine. */
export function isSecureUrl(url: string | URL): boolean {
  const parsed = typeof url === 'string' ? parseUrl(url) : url;
  if (parsed === undefined) return false;
  return parsed.protocol === 'https:' || (parsed.protocol === 'http:' && isLoopbackHost(parsed.hostname));
}

/**
 * Whether an address that a provider's document names may be used: https, or http where that is allowed, and of one host,
 * for in policies of pages a star stands for all.
 */
export function isEndpointUrl(
  url: unknown,
  { allowInsecureHttp }: { readonly allowInsecureHttp: boolean },
): url is string {
  const parsed = typeof url === 'string' ? parseUrl(url) : undefined;
  if (parsed === undefined || parsed.hostname.includes('*')) return false;
  return isSecureUrl(parsed) || (allowInsecureHttp && parsed.protocol === 'http:');
}

/** Whether a host name is this machine: `localhost`, its subdomains, `127.0.0.0/8`, `::1`. @see RFC 6761 §6.3 */
export function isLoopbackHost(hostname: string): boolean {
  const host = hostname.toLowerCase().replace(/^\[(.*)\]$/, '$1');
  return host === 'localhost' || host.endsWith('.localhost') || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

/** A URL, or `undefined` when the text is none. */
export function parseUrl(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}

/**
 * Where an issuer's metadata may be found, in the order to try: the OIDC form (suffix), then, for an issuer with a path,
 * the inserted forms. @see OIDC Discovery §4, RFC 8414 §3.1 and §5
 */
export function discoveryUrls(issuer: string): string[] {
  const suffix = '/.well-known/openid-configuration';
  const base = issuer.replace(/\/+$/, '');
  const { origin, pathname } = new URL(base);
  const path = pathname === '/' ? '' : pathname;
  const inserted = '/.well-known/oauth-authorization-server';
  if (path === '') return [base + suffix, origin + inserted];
  return [base + suffix, origin + suffix + path, origin + inserted + path];
}

/** How a token's issuer resembles a trusted one without being equal to it: a hint for the operator, never a reason to accept. */
export function issuerNearMiss(actual: string, trusted: string): 'trailing slash' | 'letter case' | undefined {
  if (actual === trusted) return undefined;
  const bare = (issuer: string): string => issuer.replace(/\/+$/, '');
  if (bare(actual) === bare(trusted)) return 'trailing slash';
  return bare(actual).toLowerCase() === bare(trusted).toLowerCase() ? 'letter case' : undefined;
}
