import type { Call } from './call.js';
import { isBehindConnection, isConnection, requestsOfConnection } from './graphql-connection.js';
import { dropHeaders, type HttpRequest, isHttpRequest } from './http.js';

/** What the handler of a field is called with, whichever kind of handler it is. */
interface FieldCall {
  /** The arguments of the field; of an entity that another subgraph asks for, its key. */
  readonly data: unknown;
  /** Made by the application for each operation. */
  readonly context: object;
}

// On the request itself: all fields of a query, and of a batch of queries, find what the first has made of it.
const callKey = Symbol.for('@nmp/auth:graphql-call');

interface Marked {
  [callKey]?: Call;
}

/** The credentials of a field: those of the HTTP request, or of the connection, that its query came by. */
export function openField(args: readonly unknown[]): Call | undefined {
  const subject = subjectOfField(args);
  return subject && openRequest(subject);
}

/**
 * The credentials of a request, or of a connection, as they were when it came: a handler may have changed it since. They
 * are handed out as a copy, since those who identify a caller take from a request what nobody else may see.
 */
export function openRequest(subject: object): Call {
  const marked = subject as Marked;
  marked[callKey] ??= openFirst(subject);
  return marked[callKey];
}

/** The form of an HTTP request of what {@link openRequest} has opened; anything else as it is. */
export function credentialsOf(request: HttpRequest): HttpRequest {
  return (request as Marked)[callKey]?.request ?? request;
}

/** The request or connection that the query of a field came by; `undefined` when the context has none. */
export function subjectOfField(args: readonly unknown[]): object | undefined {
  const { req, request, reply } = (fieldCallOf(args)?.context ?? {}) as Record<string, unknown>;
  return [req, request, (reply as { request?: unknown } | undefined)?.request].find(isKnown);
}

/** The arguments of a field. */
export function dataOfField(args: readonly unknown[]): unknown {
  return fieldCallOf(args)?.data;
}

/** Whether the query of a field came by a connection, which has no status and no headers to answer with. */
export function isOfConnection(args: readonly unknown[]): boolean {
  const subject = subjectOfField(args);
  return subject !== undefined && isBehindConnection(subject);
}

/** Told by the last argument that all have: what is being resolved. Reference resolvers of a subgraph have no arguments. */
function fieldCallOf(args: readonly unknown[]): FieldCall | undefined {
  const at = [3, 2].find((at) => isResolveInfo(args[at]));
  const context = at === undefined ? undefined : args[at - 1];
  return isObject(context) ? { data: args[at === 3 ? 1 : 0], context } : undefined;
}

function openFirst(subject: object): Call {
  const connection = requestsOfConnection(subject);
  const request = connection?.upgrade ?? (subject as HttpRequest);
  const asItCame = connection?.credentials ?? copyOf(request);
  return {
    subject,
    get request() {
      return copyOf(asItCame);
    },
    dropHeader: (name) => dropHeaders(request, name.toLowerCase()),
  };
}

/** Reads as the request does, but for the headers: dropping one in either leaves the other alone. */
function copyOf(request: HttpRequest): HttpRequest {
  const { raw } = request;
  const node = raw ?? request;
  const headers = own({ ...request.headers });
  const rawHeaders = own([...(node.rawHeaders ?? linesOf(request.headers))]);
  if (raw === undefined) return Object.create(request, { headers, rawHeaders }) as HttpRequest;
  return Object.create(request, { headers, raw: own(Object.create(raw, { headers, rawHeaders })) }) as HttpRequest;
}

function linesOf(headers: HttpRequest['headers']): string[] {
  return Object.entries(headers).flatMap(([name, value]) =>
    [value].flat().flatMap((one: unknown) => (typeof one === 'string' ? [name, one] : [])),
  );
}

function own(value: unknown): PropertyDescriptor {
  return { value, writable: true, enumerable: true, configurable: true };
}

function isKnown(candidate: unknown): candidate is object {
  return isHttpRequest(candidate) || isConnection(candidate);
}

function isResolveInfo(candidate: unknown): boolean {
  return isObject(candidate) && 'fieldNodes' in candidate && 'schema' in candidate && 'operation' in candidate;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
