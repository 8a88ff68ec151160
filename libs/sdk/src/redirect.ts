import { printable } from './text.js';

const keepsMethod: ReadonlySet<number> = new Set([307, 308]);

/**
 * Sends a request, and once more if the server wants nothing but a slash more or less at the end of its path. Other
 * redirects are answers: they could carry a token to another host.
 * @see RFC 9110 §15.4.8 – method and body stay
 */
export async function fetchThroughSlash(fetcher: typeof fetch, url: URL, init: RequestInit): Promise<Response> {
  const response = await fetcher(url, { ...init, redirect: 'manual' });
  const target = slashTarget(response, url);
  if (target === undefined) return response;
  await response.body?.cancel();
  return fetcher(target, { ...init, redirect: 'manual' });
}

/** Where an answer redirects to, in the words of an error: another server, or another path of this one. */
export function redirectTarget(location: string, base: string): string {
  if (!URL.canParse(location, base)) return 'somewhere else';
  const { origin, pathname } = new URL(location, base);
  return origin === new URL(base).origin ? printable(pathname, 200) : origin;
}

function slashTarget(response: Response, from: URL): URL | undefined {
  const location = response.headers.get('location');
  if (location === null || !keepsMethod.has(response.status) || !URL.canParse(location, from.href)) return undefined;
  const to = new URL(location, from);
  const isSamePlace = to.origin === from.origin && to.search === from.search && to.username === '';
  return isSamePlace && to.pathname !== from.pathname && trimmed(to) === trimmed(from) ? to : undefined;
}

function trimmed({ pathname }: URL): string {
  return pathname.replace(/\/$/, '');
}
