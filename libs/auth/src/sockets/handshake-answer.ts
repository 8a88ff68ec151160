import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';

/** What a refused handshake is answered. */
export interface HandshakeAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: object;
}

/** Answers a request for an upgrade as any other request that is refused, and ends its connection. */
export function answerUpgrade(socket: Duplex, { status, headers, body }: HandshakeAnswer): void {
  const text = JSON.stringify(body);
  const lines = Object.entries({
    Connection: 'close',
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': String(Buffer.byteLength(text)),
    ...headers,
  }).map(([name, value]) => `${name}: ${value}`);
  socket.once('finish', () => socket.destroy());
  socket.end([`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Error'}`, ...lines, '', text].join('\r\n'));
}
