import { parseUrl } from './issuers.js';

// Printable, without blank and backslash: URL parsers take the latter for a slash.
const plain = /^[!-[\]-~]+$/;

/**
 * An http or https address in the form in which two of them are compared: case, default port, dot segments and escapes
 * made alike, query and fragment left out.
 * @returns `undefined` for what is no such address.
 * @see RFC 3986 §6.2.2 and §6.2.3, RFC 9449 §4.3
 */
export function comparableUri(text: string): string | undefined {
  const url = plain.test(text) && /^https?:\/\/[^/]/i.test(text) ? parseUrl(text) : undefined;
  if (url === undefined || url.username !== '' || url.password !== '') return undefined;
  return url.origin + url.pathname.replaceAll(/%([0-9A-Fa-f]{2})/g, comparableEscape);
}

// RFC 9112 §3.2.2. Of a host with anything else in it routers may see another path.
const absoluteForm = /^https?:\/\/[\w.:[\]-]+(?=\/)/i;

/**
 * The address of a request, in comparable form: below the public address of the service, whatever host the request names.
 * @param target the request's target as it came; a gateway may have taken the path of the public address off it
 * @returns `undefined` for a target that has no path.
 * @see RFC 9112 §3.2
 */
export function requestUri(publicUrl: string, target: string): string | undefined {
  const origins = target.replace(absoluteForm, '');
  if (!origins.startsWith('/') || origins.includes('#')) return undefined;
  const { origin, pathname } = new URL(publicUrl);
  const [path = ''] = origins.split('?');
  const base = pathname.replace(/\/+$/, '');
  const isWhole = path === base || path.startsWith(`${base}/`);
  return comparableUri(origin + (isWhole ? path : base + path));
}

/** RFC 3986 §6.2.2.2: what need not be escaped is not; the others have capital letters. */
function comparableEscape(escape: string, code: string): string {
  const character = String.fromCharCode(Number.parseInt(code, 16));
  return /[A-Za-z0-9\-._~]/.test(character) ? character : escape.toUpperCase();
}
