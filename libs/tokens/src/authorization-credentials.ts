import { InvalidRequestError, MissingTokenError } from './errors.js';

const nameByScheme = { bearer: 'Bearer', dpop: 'DPoP' } as const;

/** How an access token is sent: alone, or with a proof that its sender holds the key it is bound to. @see RFC 6750, RFC 9449 §7.1 */
export type AuthorizationScheme = keyof typeof nameByScheme;

/** What an `Authorization` header holds. Nothing in it is trusted yet. */
export interface AuthorizationCredentials {
  readonly scheme: AuthorizationScheme;
  readonly token: string;
}

const token68 = /^[A-Za-z0-9\-._~+/]+=*$/;

/**
 * Takes the value of an `Authorization` header apart.
 *
 * Exactly one space stands between scheme and token, although the grammar of RFC 6750 admits several: proxies disagree
 * about the rest, and what two parties read differently is refused.
 *
 * @param header The header's value; an array when it was sent more than once.
 * @param accepted The schemes that count; any other is as good as no header.
 * @throws {MissingTokenError} There is no header, or its scheme is none of these.
 * @throws {InvalidRequestError} The scheme is one of them, but one well-formed token does not follow; or two headers were sent.
 * @see RFC 6750 §2.1, RFC 9449 §7.1, RFC 9110 §11.4
 */
export function parseAuthorization(
  header: string | readonly string[] | undefined,
  accepted: readonly AuthorizationScheme[],
): AuthorizationCredentials {
  if (header === undefined || header === '') throw new MissingTokenError();
  if (typeof header !== 'string') return parseSeveral(header, accepted);

  const schemeEnd = header.search(/\s/);
  const written = (schemeEnd === -1 ? header : header.slice(0, schemeEnd)).toLowerCase();
  const scheme = accepted.find((name) => name === written);
  if (scheme === undefined) throw new MissingTokenError('The Authorization header has another scheme');
  if (schemeEnd === -1) throw new InvalidRequestError('no token follows the scheme');

  const token = header.slice(schemeEnd + 1);
  if (header[schemeEnd] !== ' ' || !token68.test(token)) {
    throw new InvalidRequestError(`the header must be "${nameByScheme[scheme]}", one space and one token`);
  }
  return { scheme, token };
}

function parseSeveral(headers: readonly string[], accepted: readonly AuthorizationScheme[]): AuthorizationCredentials {
  if (headers.length > 1) throw new InvalidRequestError('several Authorization headers were sent');
  return parseAuthorization(headers[0], accepted);
}
