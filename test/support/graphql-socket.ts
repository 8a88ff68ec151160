import { once } from 'node:events';
import { WebSocket } from 'ws';

/** A message of the protocol graphql-transport-ws. */
export interface SocketMessage {
  readonly type: string;
  readonly id?: string;
  readonly payload?: unknown;
}

/** A client of the protocol graphql-transport-ws that does as it is told. @see https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md */
export class GraphqlSocket {
  private readonly messages: SocketMessage[] = [];
  private listeners: (() => void)[] = [];
  private operations = 0;
  private ending: { code: number; reason: string } | undefined;

  private constructor(private readonly socket: WebSocket) {
    socket.on('message', (data) => {
      this.messages.push(JSON.parse((data as Buffer).toString('utf8')) as SocketMessage);
      this.wake();
    });
    socket.on('close', (code, reason) => {
      this.ending = { code, reason: reason.toString('utf8') };
      this.wake();
    });
  }

  /** Connects, and begins with these parameters. */
  static async open(url: string, params?: unknown, headers: Record<string, string> = {}): Promise<GraphqlSocket> {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', { headers });
    const client = new GraphqlSocket(socket);
    await once(socket, 'open');
    client.send({ type: 'connection_init', ...(params !== undefined && { payload: params }) });
    return client;
  }

  /** `connected`, or how the connection ended. */
  async outcome(): Promise<string> {
    const message = await this.next(({ type }) => type === 'connection_ack');
    return message === undefined ? `${this.ending?.code} ${this.ending?.reason}` : 'connected';
  }

  /** Begins an operation and returns its name. */
  start(query: string): string {
    const id = String(++this.operations);
    this.send({ type: 'subscribe', id, payload: { query } });
    return id;
  }

  /** The next message of an operation; `undefined` when the connection has ended. */
  nextOf(id: string): Promise<SocketMessage | undefined> {
    return this.next((message) => message.id === id);
  }

  /** Waits for the end of the connection. */
  async end(): Promise<string> {
    await this.next(() => false);
    return `${this.ending?.code} ${this.ending?.reason}`;
  }

  async close(): Promise<void> {
    this.socket.close();
    if (this.ending === undefined) await once(this.socket, 'close');
  }

  private send(message: SocketMessage): void {
    this.socket.send(JSON.stringify(message));
  }

  private async next(isWanted: (message: SocketMessage) => boolean): Promise<SocketMessage | undefined> {
    for (;;) {
      const at = this.messages.findIndex(isWanted);
      if (at >= 0) return this.messages.splice(at, 1)[0];
      if (this.ending !== undefined) return undefined;
      await new Promise<void>((resolve) => this.listeners.push(resolve));
    }
  }

  private wake(): void {
    for (const listener of this.listeners.splice(0)) listener();
  }
}
