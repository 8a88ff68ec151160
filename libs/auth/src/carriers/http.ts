import type { X509Certificate } from 'node:crypto';
import { Readable } from 'node:stream';
import { type AuthorizationScheme, isIdentityHeader } from '@nmp/tokens';
import type { Carrier } from '../token/carrier.js';

/** What Express's and Fastify's requests have in common. */
export interface HttpRequest {
  headers: Record<string, string | string[] | undefined>;
  readonly method?: string;
  readonly url?: string;
  /** As it came, whatever was made of `url`. */
  readonly originalUrl?: string;
  /** Fastify: Node's own request. */
  readonly raw?: NodeRequest;
  /** Express: the request is Node's own. */
  readonly rawHeaders?: NodeRequest['rawHeaders'];
  readonly socket?: NodeRequest['socket'];
  /** Not of HTTP: the headers came among the data, where the sender's own callers may have put them. */
  readonly isAmongData?: boolean;
  /** Not of HTTP: a message. Nothing that comes with it proves whose token it has. */
  readonly isMessage?: boolean;
}

interface NodeRequest {
  /** Names and values in turn, as they came. */
  readonly headers?: Record<string, string | string[] | undefined>;
  readonly rawHeaders?: string[];
  readonly socket?: {
    readonly remoteAddress?: string;
    readonly server?: { readonly maxHeadersCount?: number | null };
    /** Where TLS ends at this socket. */
    getPeerX509Certificate?(): X509Certificate | undefined;
  };
}

/**
 * Whether Node or the framework has made what is said to be a request: one is a stream, or has one as `raw`. An object of
 * the same form may be data of a client's, who would name its peer and its method.
 */
export function isHttpRequest(candidate: unknown): candidate is HttpRequest {
  if (typeof candidate !== 'object' || candidate === null) return false;
  if (candidate instanceof Readable) return 'headers' in candidate;
  const prototype: unknown = Object.getPrototypeOf(candidate);
  const isCopy = prototype === Object.prototype || prototype === null; // which may have got other headers
  return !isCopy && (candidate as { raw?: unknown }).raw instanceof Readable;
}

/** Finds the credentials of an HTTP request. Node keeps only the first of several Authorization headers: here they all count. */
export function httpCarrier(request: HttpRequest): Carrier {
  const { authorization } = request.headers;
  if (authorization === undefined) return { headers: {} };
  const all = authorizationHeaders(request.raw?.rawHeaders ?? request.rawHeaders ?? []);
  return { headers: { authorization: all.length > 1 ? all : authorization }, request };
}

/**
 * Removes the headers that only a trusted gateway may set, in every spelling that could be taken for them, and others by
 * their names: wherever Node and the framework keep them.
 */
export function dropHeaders(request: HttpRequest, alsoDropped?: string): void {
  const isDropped = (name: string): boolean => name === alsoDropped || isIdentityHeader(name);
  let isThere = false;
  for (const name in request.headers) isThere ||= isDropped(name);
  if (isThere) removeHeaders(request, isDropped);
}

/** Takes a header off a request. @returns what it said, joined where it came several times */
export function takeHeader(request: HttpRequest, name: string): string | undefined {
  const value = request.headers[name];
  if (value === undefined) return undefined;
  removeHeaders(request, (other) => other === name);
  return [value].flat().join(', ');
}

/** From wherever Node and the framework keep them. */
function removeHeaders(request: HttpRequest, isDropped: (name: string) => boolean): void {
  const kept = Object.entries(request.headers).filter(([name]) => !isDropped(name.toLowerCase()));
  const node = request.raw ?? request;
  for (const name of Object.keys(node.headers ?? {})) if (isDropped(name.toLowerCase())) delete node.headers?.[name];
  request.headers = Object.fromEntries(kept); // Fastify hands out a copy when somebody has set them
  // Node makes its other views of the headers from this list.
  const raw = node.rawHeaders ?? [];
  for (let at = raw.length - 2; at >= 0; at -= 2) if (isDropped((raw[at] ?? '').toLowerCase())) raw.splice(at, 2);
}

/** The scheme of the credentials that a response answers: of Node's response, which is Express's, or of Fastify's. */
export function schemeOfAnswered(response: unknown): AuthorizationScheme {
  if (typeof response !== 'object' || response === null) return 'bearer';
  const { req, request = req } = response as { req?: HttpRequest; request?: HttpRequest };
  const { authorization } = request?.headers ?? {};
  return /^dpop\b/i.test([authorization].flat()[0] ?? '') ? 'dpop' : 'bearer';
}

/**
 * Whether Node has left headers out: it does so silently beyond a number, and then what a gateway wrote last, or the
 * second of two that contradict each other, is not to be seen.
 */
export function isCutShort({ raw, rawHeaders, socket }: HttpRequest): boolean {
  const lines = (raw?.rawHeaders ?? rawHeaders ?? []).length / 2;
  const limit = (raw?.socket ?? socket)?.server?.maxHeadersCount ?? NODES_MAX_HEADERS;
  return limit > 0 && lines >= limit;
}

const NODES_MAX_HEADERS = 1000;

function authorizationHeaders(rawHeaders: readonly string[]): string[] {
  const values: string[] = [];
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? '';
    if (name.length === 13 && name.toLowerCase() === 'authorization') values.push(rawHeaders[at + 1] ?? '');
  }
  return values;
}
