import { type HttpRequest, isHttpRequest } from './http.js';

/** A connection of graphql-ws, as its server hands it to every hook. */
export interface GraphqlConnection {
  readonly connectionInitReceived: boolean;
  /** What the client sent with `connection_init`. */
  readonly connectionParams?: Readonly<Record<string, unknown>>;
  readonly extra: {
    /** The request that became the connection. */
    readonly request: HttpRequest;
    readonly socket: ConnectionSocket;
  };
}

/** The part of a WebSocket of `ws` that is used. */
export interface ConnectionSocket {
  readonly readyState: number;
  close(code: number, reason: string): void;
  once(event: 'close', listener: () => void): unknown;
}

/** What a connection has of requests. */
export interface ConnectionRequests {
  readonly upgrade: HttpRequest;
  /** The upgrade request with the credentials of `connection_init` among its headers. */
  readonly credentials: HttpRequest;
}

const connectionKey = Symbol.for('@nmp/auth:graphql-connection');

interface Marked {
  [connectionKey]?: GraphqlConnection;
}

export function isConnection(candidate: unknown): candidate is GraphqlConnection {
  if (!isObject(candidate) || !('connectionInitReceived' in candidate)) return false;
  const { extra } = candidate as Partial<GraphqlConnection>;
  return isObject(extra) && isHttpRequest((extra as { request?: unknown }).request);
}

/** Whether a request, or a connection itself, is of a connection: what came by it is asked about again by each operation. */
export function isBehindConnection(subject: object): boolean {
  return isConnection(subject) || (subject as Marked)[connectionKey] !== undefined;
}

/** Lets the connection be found where an application's context has its upgrade request alone. */
export function noteConnection(connection: GraphqlConnection): void {
  (connection.extra.request as Marked)[connectionKey] = connection;
}

/** The requests behind a connection, or behind its upgrade request; `undefined` for a plain HTTP request. */
export function requestsOfConnection(subject: object): ConnectionRequests | undefined {
  const connection = isConnection(subject) ? subject : (subject as Marked)[connectionKey];
  if (connection === undefined) return undefined;
  const upgrade = connection.extra.request;
  return { upgrade, credentials: withAuthorization(upgrade, authorizationsOf(connection)) };
}

/** The same credentials may come both ways; others make two headers, which contradict each other. */
function withAuthorization(upgrade: HttpRequest, given: readonly string[]): HttpRequest {
  const { authorization } = upgrade.headers;
  const added = given.filter((value) => value !== authorization);
  const headers = { ...upgrade.headers, ...(added[0] !== undefined && { authorization: authorization ?? added[0] }) };
  const rawHeaders = [...(upgrade.rawHeaders ?? []), ...added.flatMap((value) => ['authorization', value])];
  return { headers, rawHeaders, ...(upgrade.socket && { socket: upgrade.socket }) };
}

function authorizationsOf({ connectionParams }: GraphqlConnection): string[] {
  const values = Object.entries(connectionParams ?? {})
    .filter(([name, value]) => name.toLowerCase() === 'authorization' && value !== null && value !== undefined)
    .map(([, value]) => (typeof value === 'string' ? value : SCHEME_ALONE));
  return [...new Set(values)];
}

// What is no text is no token either: it is refused as malformed.
const SCHEME_ALONE = 'Bearer';

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
