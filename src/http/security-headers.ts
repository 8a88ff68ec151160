type Headers = Readonly<Record<string, string>>;

/** What every answer says to browsers, by the path of the request. */
export interface SecurityHeaders {
  /** Of the API: nothing that a browser shows. */
  readonly api: Headers;
  /** Of Swagger UI, which runs scripts of its own. */
  readonly pages: Headers;
  /** Of the page to which the identity provider sends the browser back: it runs its script and asks nobody for anything. */
  readonly returnPage: Headers;
}

const A_YEAR_SECONDS = 31_536_000;

const headers: Headers = Object.freeze({
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
});

/** Those of an answer that says nothing about where the service is reached. */
export const apiHeaders: Headers = withPolicy(headers, "default-src 'none'");

/** @see https://owasp.org/www-project-secure-headers/ */
export function securityHeaders({ publicUrl }: { publicUrl: string }): SecurityHeaders {
  // Nobody who reaches the service without TLS is to be kept from it.
  const isSecure = publicUrl.startsWith('https:');
  const own = isSecure ? { ...headers, 'strict-transport-security': `max-age=${A_YEAR_SECONDS}` } : headers;
  return {
    api: withPolicy(own, "default-src 'none'"),
    pages: withPolicy(own, pagePolicy([])),
    returnPage: withPolicy(own, "default-src 'none'; script-src 'self'"),
  };
}

/** The policy of Swagger UI, which talks to this service and to the given sources. */
export function swaggerPolicy(connectSources: readonly string[]): string {
  return complete(pagePolicy(connectSources));
}

/** The headers for a request target. */
export function headersFor({ api, pages, returnPage }: SecurityHeaders, url: string): Headers {
  if (!url.startsWith('/docs') || !/^\/docs(?:[/?]|$)/.test(url)) return api;
  return url.startsWith('/docs/oauth2-redirect.html') ? returnPage : pages;
}

function pagePolicy(connectSources: readonly string[]): string {
  const connect = ["'self'", ...connectSources].join(' ');
  return `default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src ${connect}`;
}

function withPolicy(headers: Headers, policy: string): Headers {
  return Object.freeze({ ...headers, 'content-security-policy': complete(policy) });
}

function complete(policy: string): string {
  return `${policy}; base-uri 'none'; frame-ancestors 'none'`;
}
