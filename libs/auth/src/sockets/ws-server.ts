import type { AuthError } from '@nmp/tokens';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { answerUpgrade } from './handshake-answer.js';
import { takeTokenProtocol } from './handshake.js';
import type { PlaceDoor } from './socket-door.js';
import type { Admission, SocketLine } from './socket-session.js';

/** What is used of a server of the package `ws`. */
export interface WsServer {
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer, done: Connected): void;
}

type Connected = (client: WsClient, ...rest: unknown[]) => void;

/** What is used of its connections. */
interface WsClient {
  readonly readyState: number;
  readonly bufferedAmount: number;
  send(text: string): void;
  close(code: number, reason: string): void;
  terminate(): void;
  on(event: 'close', listener: () => void): unknown;
  on(event: 'exception', listener: (body: unknown) => void): unknown;
}

const OPEN = 1;
const MAX_UNREAD_BYTES = 1_000_000;

// Close codes of applications, after the statuses of HTTP. @see RFC 6455 §7.4.2
const CLOSE_CODES = 4000;

export function isWsServer(server: object): server is WsServer {
  return typeof (server as Partial<WsServer>).handleUpgrade === 'function';
}

/**
 * Verifies each request for an upgrade before the server sees it. A refusal is an answer of HTTP. The subprotocol that
 * carries a token is gone by then: the server can neither choose it nor name it in its answer.
 */
export function guardWsServer(server: WsServer, door: PlaceDoor): void {
  const upgrade = server.handleUpgrade.bind(server);
  const handle = async (request: IncomingMessage, socket: Duplex, head: Buffer, done: Connected): Promise<void> => {
    const drop = (): void => void socket.destroy();
    socket.on('error', drop);
    const admission = await admitted(request, socket, door);
    if (admission === undefined) return;
    socket.removeListener('error', drop);
    try {
      upgrade(request, socket, head, (client, ...rest) => {
        door.open(client, lineOf(client), admission);
        done(client, ...rest);
      });
    } catch (error) {
      door.answerOf(error); // to the log: what the client is to read is no HTTP any more
      drop();
    }
  };
  server.handleUpgrade = (...given) => void handle(...given);
}

async function admitted(request: IncomingMessage, socket: Duplex, door: PlaceDoor): Promise<Admission | undefined> {
  try {
    return await door.admit(request, () => takeTokenProtocol(request));
  } catch (error) {
    answerUpgrade(socket, door.answerOf(error));
    return undefined;
  }
}

function lineOf(client: WsClient): SocketLine {
  const send = (event: string, data: unknown): void => {
    if (client.readyState !== OPEN) return;
    // Who does not read is not written to without end.
    if (client.bufferedAmount > MAX_UNREAD_BYTES) client.terminate();
    else client.send(JSON.stringify({ event, data }));
  };
  client.on('exception', (body) => send('exception', body)); // Nest 11 tells nobody else of it
  return {
    send,
    end: ({ status, code }: AuthError) => client.close(CLOSE_CODES + status, code),
    onOver: (listener) => void client.on('close', listener),
  };
}
