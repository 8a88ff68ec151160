import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { Server as NetServer, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import { type ErrorBody, errorBody } from './error-body.js';
import { endUnwritten } from './end-unwritten.js';
import type { HttpLimits } from './http-limits.js';
import { rawAnswer, rawRefusal } from './raw-refusal.js';
import { requestIdOf } from './request-id.js';
import type { RequestFields } from './request-record.js';
import { writtenText } from '../written-text.js';
import { WaitingRequests } from './waiting-requests.js';

/** What the log has of something that was refused and is no request. */
export type RawRefusalFields = Pick<RequestFields, 'request_id' | 'status' | 'address' | 'code'>;

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/**
 * The servers of the service, one for each address: with time limits, with answers to what is not even a request, and
 * with an end that waits for the requests under way and for nothing else.
 */
export class HttpServers {
  private readonly servers: Server[] = [];
  private readonly exchanges = new Map<Duplex, Exchange[]>();
  /** Connections on which nothing more is served. */
  private readonly refused = new WeakSet<Duplex>();
  /** Whose connection it is; asked for while it can be: nothing says so when it is gone. */
  private readonly addresses = new WeakMap<Duplex, string>();
  private readonly waiting = new WaitingRequests();
  private readonly requestIds = new WeakMap<IncomingMessage, string>();
  private handler: RequestListener = () => undefined;
  private isClosing = false;

  constructor(
    private readonly limits: HttpLimits,
    /** Told what happens, and of what was refused that is no request. */
    private readonly log: (line: string, refusal?: RawRefusalFields) => void,
  ) {}

  /** The first server, which does not listen yet. */
  create(handler: RequestListener): Server {
    this.handler = handler;
    return this.add();
  }

  /** Listens at more addresses, at the port of the first server. One that cannot be had is left out. */
  async listenBeside(addresses: readonly string[]): Promise<void> {
    const first = this.servers[0]?.address();
    if (typeof first !== 'object' || first === null) return; // it does not listen at a port
    const { address: own, port } = first;
    for (const address of addresses.filter((other) => other !== own)) {
      const server = this.add().listen(port, address);
      await once(server, 'listening').catch((error: Error) =>
        this.log(`Not listening on ${address}: ${error.message}`),
      );
    }
  }

  /** The id of a request, the same however often it is asked for. */
  requestId(request: IncomingMessage): string {
    const id = this.requestIds.get(request) ?? requestIdOf(request);
    this.requestIds.set(request, id);
    return id;
  }

  /**
   * Takes no more connections, serves what was sent before, closes the connections without a request under way, and
   * resolves when the others have been answered, or have been cut off because that takes too long.
   */
  async close(): Promise<void> {
    this.isClosing = true;
    await turn(); // who has connected is let in
    // Not as HTTP servers close: that ends idle connections at once, and one whose request is unread looks idle.
    const closed = this.servers.map(
      (server) => new Promise((resolve) => NetServer.prototype.close.call(server, resolve)),
    );
    for (const exchanges of this.exchanges.values()) {
      for (const { response } of exchanges) closeAfterwards(response);
    }
    if (this.exchanges.size > 0) await sleep(this.limits.drainMs);
    for (const [socket, exchanges] of this.exchanges) {
      if (!exchanges.some(isUnanswered)) socket.destroy();
    }
    const cut = setTimeout(() => this.cutOff(), this.limits.shutdownGraceMs);
    await Promise.all(closed);
    clearTimeout(cut);
  }

  private add(): Server {
    const { limits } = this;
    const options = {
      headersTimeout: limits.headersTimeoutMs,
      requestTimeout: limits.requestTimeoutMs,
      keepAliveTimeout: limits.keepAliveTimeoutMs,
      connectionsCheckingInterval: limits.checkIntervalMs,
      requireHostHeader: false, // Node's own answer to a request without one has no body
    };
    const serve = (request: IncomingMessage, response: ServerResponse): void => {
      if (this.refused.has(request.socket)) return;
      this.begin(request, response);
      const begin = (): void => this.handler(request, response);
      if (this.underWay(request.socket).length <= limits.maxPipelinedRequests) begin();
      else this.waiting.add(request.socket, begin);
    };
    const server = createServer(options, serve);
    // Node drops the lines beyond its own limit without a word, and with them what a gateway wrote at the end.
    server.maxHeadersCount = 0;
    server.setTimeout(limits.silenceTimeoutMs);
    server.on('connection', (socket: Socket) => this.admit(socket));
    server.on('clientError', (error, socket) => this.refuse(socket, rawRefusal(error)));
    server.on('connect', (request: IncomingMessage, socket: Duplex) => {
      socket.on('error', () => undefined); // Node has taken its own listener off
      this.refuse(socket, errorBody(405, 'CONNECT is not served'), this.requestId(request));
    });
    // Node's own answer would come before anybody has looked at the request.
    server.on('checkContinue', serve);
    server.on('checkExpectation', serve);
    this.servers.push(server);
    return server;
  }

  private cutOff(): void {
    this.log(`Cut off ${this.exchanges.size} connection(s) that were still busy`);
    for (const socket of this.exchanges.keys()) socket.destroy();
  }

  private admit(socket: Socket): void {
    this.exchanges.set(socket, []);
    this.addresses.set(socket, socket.remoteAddress ?? '');
    socket.once('close', () => {
      for (const { response } of this.underWay(socket)) endUnwritten(response);
      this.exchanges.delete(socket);
    });
  }

  private begin(request: IncomingMessage, response: ServerResponse): void {
    const { socket } = request;
    this.exchanges.set(socket, [...this.underWay(socket), { request, response }]);
    if (this.isClosing) closeAfterwards(response);
    // Also for an answer that had promised to keep the connection.
    response.once('close', () => {
      if (this.isClosing && !socket.writableEnded && !this.underWay(socket).some(isUnanswered)) socket.destroySoon();
      this.waiting.next(socket);
    });
  }

  /** The exchanges of a connection that are not over on both sides. */
  private underWay(socket: Duplex): Exchange[] {
    const exchanges = this.exchanges.get(socket) ?? [];
    return exchanges.filter((exchange) => isUnanswered(exchange) || !exchange.request.complete);
  }

  /** Refuses what is no request, once. What was asked before is answered before. */
  private refuse(socket: Duplex, body: ErrorBody, requestId?: string): void {
    if (this.refused.has(socket)) return; // this is the rest of it
    this.refused.add(socket);
    this.refuseInTurn(socket, body, requestId);
  }

  private refuseInTurn(socket: Duplex, body: ErrorBody, requestId?: string): void {
    const underWay = this.underWay(socket);
    const earlier = underWay.find(({ request }) => request.complete);
    if (earlier !== undefined) {
      earlier.response.once('close', () => this.refuseInTurn(socket, body, requestId));
      return;
    }
    if (socket.writableEnded) return; // the answer before was the last
    if (!socket.writable || underWay.some(({ response }) => response.headersSent)) {
      socket.destroy();
      return;
    }
    // What is wrong may be the rest of a request that has begun.
    const begun = underWay.at(-1)?.request;
    this.answer(socket, body, requestId ?? (begun === undefined ? randomUUID() : this.requestId(begun)));
  }

  private note(socket: Duplex, { statusCode: status, detail, code }: ErrorBody, requestId: string): void {
    const address = writtenText(this.addresses.get(socket) ?? '');
    this.log(`Refused ${status} (${detail}) ${requestId}`, { request_id: requestId, status, address, code });
  }

  private answer(socket: Duplex, body: ErrorBody, requestId: string): void {
    this.note(socket, body, requestId);
    // What comes too late must not be served after all.
    if (body.statusCode === 408) socket.once('finish', () => socket.destroy());
    // To close at once what still sends would take the answer back.
    else setTimeout(() => socket.destroy(), this.limits.lingerMs).unref();
    socket.end(rawAnswer(body, requestId));
  }
}

function isUnanswered({ response }: Exchange): boolean {
  return !response.writableFinished;
}

function closeAfterwards(response: ServerResponse): void {
  if (!response.headersSent) response.setHeader('Connection', 'close');
}
