interface Cookie {
  readonly name: string;
  readonly value: string;
  readonly host: string;
  readonly path: string;
  /** In milliseconds since 1970; absent for a cookie that lasts as long as the jar. */
  readonly expiresAt?: number;
}

/** The cookies of one browser: by host and path, as long as they live. @see RFC 6265 §5 */
export class CookieJar {
  readonly #cookies = new Map<string, Cookie>();

  /** Keeps what an answer from `url` sets, and drops what it takes back. */
  store(url: URL, setCookieHeaders: readonly string[]): void {
    for (const header of setCookieHeaders) {
      const cookie = parseSetCookie(header, url);
      if (cookie === undefined) continue;
      const key = `${cookie.host}${cookie.path};${cookie.name}`;
      if (isExpired(cookie)) this.#cookies.delete(key);
      else this.#cookies.set(key, cookie);
    }
  }

  /** The `Cookie` header of a request to `url`, the longest path first. */
  header(url: URL): string | undefined {
    const cookies = [...this.#cookies.values()]
      .filter((cookie) => cookie.host === url.hostname && isUnder(cookie.path, url.pathname) && !isExpired(cookie))
      .sort((left, right) => right.path.length - left.path.length);
    return cookies.length === 0 ? undefined : cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
  }
}

function parseSetCookie(header: string, url: URL): Cookie | undefined {
  const [pair = '', ...attributes] = header.split(';').map((part) => part.trim());
  const equals = pair.indexOf('=');
  if (equals < 1) return undefined;
  const settings = new Map(
    attributes.map((attribute): [string, string] => {
      const [name = '', ...value] = attribute.split('=');
      return [name.toLowerCase(), value.join('=')];
    }),
  );
  const path = settings.get('path');
  return {
    name: pair.slice(0, equals),
    value: pair.slice(equals + 1),
    host: url.hostname,
    path: path?.startsWith('/') ? path : url.pathname.replace(/\/[^/]*$/, '') || '/',
    ...expiry(settings),
  };
}

function expiry(settings: ReadonlyMap<string, string>): { expiresAt?: number } {
  const maxAge = settings.get('max-age');
  if (maxAge !== undefined) return { expiresAt: Date.now() + Number(maxAge) * 1000 };
  const expires = settings.get('expires');
  return expires === undefined ? {} : { expiresAt: Date.parse(expires) };
}

function isExpired({ expiresAt }: Cookie): boolean {
  return expiresAt !== undefined && expiresAt <= Date.now();
}

function isUnder(cookiePath: string, path: string): boolean {
  return path === cookiePath || path.startsWith(cookiePath.endsWith('/') ? cookiePath : `${cookiePath}/`);
}
