import { identityHeaders, isIdentityHeader } from './identity-headers.js';
import type { Principal } from './principal.js';

/** What `identityFetch` wraps and returns. */
export type IdentityFetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

/**
 * Writes a principal into the headers of an outgoing request, in place of whatever identity headers they had: nothing
 * that came in from outside goes on under the principal's name.
 * @example
 * axios.interceptors.request.use((config) => {
 *   setIdentityHeaders(config.headers, principal);
 *   return config;
 * });
 */
export function setIdentityHeaders(headers: OutgoingHeaders, principal: Principal): void {
  const inbound = Array.from(namesOf(headers)).filter(isIdentityHeader);
  for (const name of inbound) headers.delete(name);
  for (const [name, value] of Object.entries(identityHeaders(principal))) headers.set(name, value);
}

/** The headers of fetch, and those of axios. */
export interface OutgoingHeaders {
  set(name: string, value: string): unknown;
  delete(name: string): unknown;
  keys?(): Iterable<string>;
  toJSON?(): object;
}

/**
 * A fetch that names the principal to the services behind the gateway. Use it for their addresses only: whoever receives
 * the headers learns who is calling.
 * @example
 * const call = identityFetch(principal);
 * await call('http://models.internal.example/models');
 */
export function identityFetch(principal: Principal, baseFetch: IdentityFetch = fetch): IdentityFetch {
  return (input, init) => {
    const headers = new Headers(init?.headers ?? (input instanceof Request ? input.headers : undefined));
    setIdentityHeaders(headers, principal);
    return baseFetch(input, { ...init, headers });
  };
}

function namesOf(headers: OutgoingHeaders): Iterable<string> {
  return headers.keys?.() ?? Object.keys(headers.toJSON?.() ?? {});
}
