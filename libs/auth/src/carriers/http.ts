import { isIdentityHeader } from '@nmp/tokens';
import type { Carrier } from '../token/carrier.js';

/** What Express's and Fastify's requests have in common. */
export interface HttpRequest {
  readonly headers: Record<string, string | string[] | undefined>;
  /** Fastify: Node's own request. */
  readonly raw?: NodeRequest;
  /** Express: the request is Node's own. */
  readonly rawHeaders?: NodeRequest['rawHeaders'];
  readonly socket?: NodeRequest['socket'];
}

interface NodeRequest {
  /** Names and values in turn, as they came. */
  readonly rawHeaders?: readonly string[];
  readonly socket?: { readonly remoteAddress?: string };
}

/** Finds the credentials of an HTTP request. Node keeps only the first of several Authorization headers: here they all count. */
export function httpCarrier(request: HttpRequest): Carrier {
  const { authorization } = request.headers;
  if (authorization === undefined) return { headers: {} };
  const all = authorizationHeaders(request.raw?.rawHeaders ?? request.rawHeaders ?? []);
  return { headers: { authorization: all.length > 1 ? all : authorization } };
}

/** Removes the headers that only a trusted gateway may set, in every spelling that could be taken for them. */
export function dropIdentityHeaders(request: HttpRequest): void {
  for (const name in request.headers) {
    if (isIdentityHeader(name)) delete request.headers[name];
  }
}

function authorizationHeaders(rawHeaders: readonly string[]): string[] {
  const values: string[] = [];
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? '';
    if (name.length === 13 && name.toLowerCase() === 'authorization') values.push(rawHeaders[at + 1] ?? '');
  }
  return values;
}
