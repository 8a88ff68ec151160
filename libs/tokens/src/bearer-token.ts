import { InvalidRequestError, MissingTokenError } from './errors.js';

const token68 = /^[A-Za-z0-9\-._~+/]+=*$/;

/**
 * Finds the token in the value of an `Authorization` header.
 *
 * Exactly one space stands between scheme and token, although RFC 6750's grammar admits several: proxies disagree about
 * the rest, and what two parties read differently is refused.
 *
 * @param header The header's value; an array when it was sent more than once.
 * @returns The token, not yet looked at.
 * @throws {MissingTokenError} There is no header, or its scheme is not Bearer.
 * @throws {InvalidRequestError} The scheme is Bearer, but one well-formed token does not follow; or two headers were sent.
 * @see RFC 6750 §2.1, RFC 9110 §11.4
 */
export function parseBearerToken(header: string | readonly string[] | undefined): string {
  if (header === undefined || header === '') throw new MissingTokenError();
  if (typeof header !== 'string') return parseSeveral(header);

  const schemeEnd = header.search(/\s/);
  const scheme = schemeEnd === -1 ? header : header.slice(0, schemeEnd);
  if (scheme.toLowerCase() !== 'bearer') throw new MissingTokenError('The Authorization header has another scheme');
  if (schemeEnd === -1) throw new InvalidRequestError('no token follows the scheme');

  const token = header.slice(schemeEnd + 1);
  if (header[schemeEnd] !== ' ' || !token68.test(token)) {
    throw new InvalidRequestError('the header must be "Bearer", one space and one token');
  }
  return token;
}

function parseSeveral(headers: readonly string[]): string {
  if (headers.length > 1) throw new InvalidRequestError('several Authorization headers were sent');
  return parseBearerToken(headers[0]);
}
