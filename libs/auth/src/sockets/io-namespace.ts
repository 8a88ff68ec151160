import { type AuthError, InvalidRequestError } from '@nmp/tokens';
import type { IncomingMessage } from 'node:http';
import { messageError } from '../carriers/message-error.js';
import type { HandshakeAnswer } from './handshake-answer.js';
import type { IoRefusals } from './io-refusals.js';
import type { PlaceDoor } from './socket-door.js';
import type { Admission, SocketLine } from './socket-session.js';

/** What a client is told of when its connection ends because of its token. */
const EXPIRED_EVENT = 'auth:expired';

/** What is used of a namespace of socket.io, or of a server, whose main one is meant. */
export interface IoNamespace {
  use(middleware: (socket: IoSocket, next: (error?: Error) => void) => unknown): unknown;
  on(event: 'connection', listener: (socket: IoSocket) => void): unknown;
}

/** What is used of its connections. */
interface IoSocket {
  readonly request: IncomingMessage;
  /** Of Engine.IO: all namespaces of a client share it. */
  readonly conn: { close(): unknown };
  readonly handshake: { readonly auth?: unknown };
  emit(event: string, data: unknown): unknown;
  disconnect(): unknown;
  on(event: 'disconnect', listener: () => void): unknown;
}

export function isIoNamespace(server: object): server is IoNamespace {
  const { use, on } = server as Partial<IoNamespace>;
  return typeof use === 'function' && typeof on === 'function';
}

/** Verifies each connection to a namespace before it is made. A refusal is the client's `connect_error`, with a body. */
export function guardNamespace(namespace: IoNamespace, door: PlaceDoor, refusals: IoRefusals): void {
  const admissions = new WeakMap<IoSocket, Admission>();
  const admit = async (socket: IoSocket): Promise<Error | undefined> => {
    try {
      const verify = (): Promise<Admission> => door.admit(socket.request, () => tokenOf(socket.handshake.auth));
      admissions.set(socket, await refusals.attempt(socket.conn, verify));
      return undefined;
    } catch (error) {
      return connectError(door.answerOf(error));
    }
  };
  namespace.use(async (socket, next) => {
    const refusal = await admit(socket);
    next(refusal);
    // Behind the answer, which is sent a tick later.
    if (refusal && refusals.isOver(socket.conn)) process.nextTick(() => socket.conn.close());
  });
  namespace.on('connection', (socket) => {
    const admission = admissions.get(socket);
    admissions.delete(socket); // with the token in it
    if (admission) door.open(socket, lineOf(socket), admission);
  });
}

/** What a client gives as `auth: { token }`. */
function tokenOf(auth: unknown): unknown {
  if (auth === undefined || auth === null) return undefined;
  if (typeof auth !== 'object') throw new InvalidRequestError('the auth of the handshake must be an object');
  return Object.hasOwn(auth, 'token') ? (auth as { token: unknown }).token : undefined;
}

/** Its client sees no headers: the nonce for its next proof comes in the body. */
function connectError({ body, headers }: HandshakeAnswer): Error {
  const { message } = body as { message?: string };
  const nonce = headers['DPoP-Nonce'];
  return Object.assign(new Error(message), { data: nonce === undefined ? body : { ...body, dpopNonce: nonce } });
}

function lineOf(socket: IoSocket): SocketLine {
  return {
    send: (event, data) => void socket.emit(event, data),
    end: (error: AuthError) => {
      socket.emit(EXPIRED_EVENT, messageError(error, []));
      socket.disconnect();
    },
    onOver: (listener) => void socket.on('disconnect', listener),
  };
}
