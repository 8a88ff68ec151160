import { EventEmitter, once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { INestApplication } from '@nestjs/common';
import { IoAdapter } from '@nestjs/platform-socket.io';
import { WsAdapter } from '@nestjs/platform-ws';
import { io } from 'socket.io-client';
import { WebSocket } from 'ws';

/** The libraries that every suite of WebSockets runs with. */
export const socketLibraries = ['socket.io', 'ws'] as const;
export type SocketLibrary = (typeof socketLibraries)[number];

/** How a client connects; a token alone goes the way that is usual with its library. */
export interface Connecting {
  readonly token?: string | undefined;
  readonly headers?: Record<string, string | string[]>;
  /** socket.io: what the client gives as `auth`. */
  readonly auth?: Record<string, unknown>;
  /** ws: the subprotocols that the client offers. */
  readonly protocols?: string[];
  /** Behind the host: a path of ws, a namespace of socket.io. */
  readonly place?: string;
}

/** Why a connection was refused. */
export interface RefusedConnection {
  readonly code: string;
  readonly body: Record<string, unknown>;
  /** ws: the answer of HTTP. */
  readonly status?: number | undefined;
  readonly headers: Record<string, unknown>;
}

/** A connection, whichever library it is of. */
export interface TestSocket {
  /** The subprotocol that the server has chosen. */
  readonly protocol: string | undefined;
  /** Sends a message and returns what the handler answers, or `{ refused }` with the code of the refusal. */
  ask(event: string, data?: unknown): Promise<unknown>;
  send(event: string, data?: unknown): void;
  /** Waits for an event. */
  next(event: string): Promise<Record<string, unknown>>;
  /** Waits for an event to come several times. */
  several(event: string, count: number): Promise<Record<string, unknown>[]>;
  /** When it is over: why, as the library tells it. */
  readonly over: Promise<string>;
  close(): void;
}

/** Gives an application the adapter of a library. */
export function useSockets(app: INestApplication, library: SocketLibrary): void {
  app.useWebSocketAdapter(library === 'ws' ? new WsAdapter(app) : new IoAdapter(app));
}

/** Connects. @returns the connection, or why it was refused */
export function connect(
  library: SocketLibrary,
  url: string,
  options: Connecting = {},
): Promise<TestSocket | RefusedConnection> {
  return library === 'ws' ? connectWs(url, options) : connectIo(url, options);
}

/** Connects where nothing speaks against it. */
export async function connected(library: SocketLibrary, url: string, options: Connecting = {}): Promise<TestSocket> {
  const socket = await connect(library, url, options);
  if (!('ask' in socket)) throw new Error(`The connection was refused: ${socket.code}`);
  return socket;
}

/** Connects where it must be refused. */
export async function refused(
  library: SocketLibrary,
  url: string,
  options: Connecting = {},
): Promise<RefusedConnection> {
  const socket = await connect(library, url, options);
  if (!('ask' in socket)) return socket;
  socket.close();
  throw new Error('The connection was accepted');
}

async function connectWs(url: string, options: Connecting): Promise<TestSocket | RefusedConnection> {
  const { token, protocols = [], place = '' } = options;
  const headers = { ...(token !== undefined && { authorization: `Bearer ${token}` }), ...options.headers };
  const client = new WebSocket(`${url.replace('http', 'ws')}${place}`, protocols, { headers });
  const events = new EventEmitter();
  client.on('message', (text: Buffer) => {
    const { event, data } = JSON.parse(text.toString()) as { event: string; data: unknown };
    events.emit(event, data);
  });
  client.on('error', () => {}); // told below
  const outcome = await Promise.race([
    once(client, 'open').then(() => undefined),
    once(client, 'unexpected-response').then(([, answer]) => answer as IncomingMessage),
  ]);
  if (outcome !== undefined) return refusedByHttp(outcome);
  const send = (event: string, data?: unknown): void => client.send(JSON.stringify({ event, data }));
  return {
    protocol: client.protocol,
    ...conversation(events, send),
    over: once(client, 'close').then(([code, reason]) => `${Number(code)} ${String(reason)}`),
    close: () => client.terminate(),
  };
}

async function refusedByHttp(answer: IncomingMessage): Promise<RefusedConnection> {
  const text = (await answer.toArray()).join('');
  const body = JSON.parse(text) as Record<string, unknown>;
  return { code: String(body.code), body, status: answer.statusCode, headers: answer.headers };
}

async function connectIo(url: string, options: Connecting): Promise<TestSocket | RefusedConnection> {
  const { token, auth = {}, headers = {}, place = '' } = options;
  const client = io(`${url}${place}`, {
    auth: { ...(token !== undefined && { token }), ...auth },
    extraHeaders: headers as Record<string, string>,
    transports: ['websocket'],
    reconnection: false,
    forceNew: true,
  });
  const events = new EventEmitter();
  client.onAny((event: string, data: unknown) => events.emit(event, data));
  const refusal = await new Promise<(Error & { data?: Record<string, unknown> }) | undefined>((resolve) => {
    client.once('connect', () => resolve(undefined));
    client.once('connect_error', resolve);
  });
  if (refusal !== undefined) {
    client.disconnect();
    const body = refusal.data ?? { code: refusal.message };
    return { code: String(body.code), body, headers: {} };
  }
  return {
    protocol: undefined,
    ...conversation(events, (event, data) => client.emit(event, data)),
    over: new Promise((resolve) => client.once('disconnect', (reason) => resolve(reason))),
    close: () => client.disconnect(),
  };
}

function conversation(
  events: EventEmitter,
  send: (event: string, data?: unknown) => void,
): Pick<TestSocket, 'ask' | 'send' | 'next' | 'several'> {
  const several = (event: string, count: number): Promise<Record<string, unknown>[]> =>
    new Promise((resolve) => {
      const all: Record<string, unknown>[] = [];
      events.on(event, function note(data: Record<string, unknown>) {
        if (all.push(data) < count) return;
        events.off(event, note);
        resolve(all);
      });
    });
  const ask = (event: string, data: unknown): Promise<unknown> =>
    new Promise((resolve) => {
      const tell = (kind: string, answer: unknown): void => {
        for (const listener of ANSWERS) events.removeAllListeners(listener);
        resolve(kind === 'exception' ? refusalOf(answer as Record<string, unknown>) : answer);
      };
      for (const kind of ANSWERS) events.once(kind, (answer) => tell(kind, answer));
      send(event, data);
    });
  const next = async (event: string): Promise<Record<string, unknown>> => (await several(event, 1))[0] ?? {};
  return { send, ask, next, several };
}

const ANSWERS = ['answer', 'auth:token', 'exception'];

function refusalOf({ code, message }: Record<string, unknown>): unknown {
  return { refused: code ?? message };
}
