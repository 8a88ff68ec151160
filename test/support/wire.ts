import { once } from 'node:events';
import { createConnection, type Socket } from 'node:net';

/** An answer as it came over the wire; header names in lower case. */
export interface WireAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A connection that sends what it is told, byte by byte, for what no HTTP client would send. */
export class Wire {
  /** Resolves when the connection is gone, whoever closed it. */
  readonly closed: Promise<void>;
  private readonly received: Buffer[] = [];

  private constructor(private readonly socket: Socket) {
    socket.on('data', (chunk) => this.received.push(chunk));
    socket.on('error', () => undefined); // 'close' follows
    this.closed = new Promise((resolve) => socket.once('close', () => resolve()));
  }

  static async open(port: number, host = '127.0.0.1'): Promise<Wire> {
    const wire = new Wire(createConnection(port, host));
    await once(wire.socket, 'connect');
    return wire;
  }

  send(...lines: string[]): this {
    this.socket.write(lines.join('\r\n'), 'latin1');
    return this;
  }

  /** The answer that came until the connection was closed. */
  async rest(): Promise<WireAnswer> {
    return parseAnswer(await this.everything());
  }

  /** All that came until the connection was closed. */
  async everything(): Promise<string> {
    await this.closed;
    return Buffer.concat(this.received).toString();
  }

  /** The next answer, on a connection that stays open. Every answer has a content length. */
  async answer(): Promise<WireAnswer> {
    const text = await this.receive((received) => {
      const { headers, body } = parseAnswer(received);
      return Buffer.byteLength(body) >= Number(headers['content-length']);
    });
    this.received.length = 0;
    return parseAnswer(text);
  }

  /** Waits for these words and forgets them. */
  async hear(words: string): Promise<void> {
    await this.receive((received) => received === words);
    this.received.length = 0;
  }

  /** Lets go of the connection without a word. */
  drop(): void {
    this.socket.destroy();
  }

  /** Breaks the connection off, as a crash does. */
  reset(): void {
    this.socket.resetAndDestroy();
  }

  private async receive(isEnough: (received: string) => boolean): Promise<string> {
    for (;;) {
      const received = Buffer.concat(this.received).toString();
      if (isEnough(received)) return received;
      if (this.socket.destroyed) throw new Error(`the connection was closed after: ${received}`);
      await Promise.race([once(this.socket, 'data'), this.closed]);
    }
  }
}

function parseAnswer(text: string): WireAnswer {
  const [head = '', body = ''] = text.split('\r\n\r\n', 2);
  const [statusLine = '', ...lines] = head.split('\r\n');
  const headers = lines
    .map((line) => line.split(/:\s*/, 2))
    .map(([name = '', value = '']) => [name.toLowerCase(), value]);
  return {
    status: Number(statusLine.split(' ')[1]),
    headers: Object.fromEntries(headers) as Record<string, string>,
    body,
  };
}
