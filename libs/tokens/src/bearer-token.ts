import { parseAuthorization } from './authorization-credentials.js';

/**
 * Finds the bearer token in the value of an `Authorization` header.
 *
 * @param header The header's value; an array when it was sent more than once.
 * @returns The token, not yet looked at.
 * @throws {MissingTokenError} There is no header, or its scheme is not Bearer.
 * @throws {InvalidRequestError} The scheme is Bearer, but one well-formed token does not follow; or two headers were sent.
 * @see RFC 6750 §2.1
 */
export function parseBearerToken(header: string | readonly string[] | undefined): string {
  return parseAuthorization(header, ['bearer']).token;
}
