import { parseUrl } from '@nmp/tokens';
import type { SignIn, SignInEndpoints } from './sign-in-schemes.js';

/**
 * Where a page that signs in sends requests itself: to the token endpoint, and where that is not known, to wherever the
 * provider may say that it is. As `connect-src` of a `Content-Security-Policy` has it.
 */
export function connectSources(
  { issuer, documentUrl }: Pick<SignIn, 'issuer' | 'documentUrl'>,
  { tokenUrl }: Partial<SignInEndpoints>,
): string[] {
  if (tokenUrl !== undefined) return source(tokenUrl, ({ origin, pathname }) => origin + pathname);
  return [...new Set([issuer, documentUrl].flatMap((url) => source(url, ({ origin }) => origin)))];
}

/** A semicolon ends a directive, and a comma a policy: in a source they are written in percents. @see CSP3 §2.3.1 */
function source(url: string, of: (url: URL) => string): string[] {
  const parsed = parseUrl(url);
  return parsed === undefined ? [] : [of(parsed).replaceAll(';', '%3B').replaceAll(',', '%2C')];
}
