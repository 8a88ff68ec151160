import { isSecureUrl } from '@nmp/tokens';
import { InsecureUrlError } from './errors.js';

/** Where a platform is taken to be when nothing says so. */
export const DEFAULT_BASE_URL = 'http://localhost:8080';

/** Whether two addresses are one, however they are spelt. */
export function isSameAddress(one: string, other: string): boolean {
  const [first, second] = [one, other].map((text) => (URL.canParse(text) ? formOf(new URL(text)) : text));
  return first === second;
}

/**
 * A base URL in its one form, without a trailing slash, so that two spellings of one address compare equal.
 * @throws {InsecureUrlError} for anything but https, or http on this machine: tokens travel to this address.
 */
export function parseBaseUrl(text: string): string {
  if (!URL.canParse(text)) {
    throw new InsecureUrlError(`"${text}" is not a URL. Give the platform's address, such as https://nmp.example.com`);
  }
  const url = new URL(text);
  if (!/^https?:$/.test(url.protocol)) {
    // Not repeated beyond its scheme: what looks like one may be a user name.
    throw new InsecureUrlError('The platform address must begin with https://, or with http:// on this machine.');
  }
  if (!isSecureUrl(url)) {
    throw new InsecureUrlError(
      `Tokens are sent over https only, or over http to this machine; "${url.origin}" is neither. Use the platform's https address.`,
    );
  }
  if (url.username !== '' || url.password !== '') {
    throw new InsecureUrlError('The platform address holds a user name or password. Give it without them.');
  }
  return formOf(url);
}

function formOf({ origin, pathname }: URL): string {
  return origin + pathname.replace(/\/+$/, '');
}
