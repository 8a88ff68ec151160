import type { CallerHeaders } from './current-caller.js';
import { ForwardingError } from './forwarding-error.js';

/** Gives the access token to send, without a scheme: asked for each message, so that it may renew it. */
export type TokenSource = () => string | Promise<string>;

/** The header of an access token. @throws {ForwardingError} when it is none. @see RFC 6750 §2.1 */
export function bearerHeaders(token: unknown): CallerHeaders {
  if (typeof token === 'string' && /^[A-Za-z0-9\-._~+/]+=*$/.test(token)) return { authorization: `Bearer ${token}` };
  const hasScheme = typeof token === 'string' && /^[A-Za-z]+ /.test(token);
  const what = hasScheme ? 'a token with its scheme: it gives the token alone' : 'no token';
  throw new ForwardingError('no_token', `The source of tokens gave ${what}`);
}
