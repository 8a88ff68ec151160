import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Sends one request on a connection of its own.
 *
 * @param {number} port
 * @param {{ method?: string, path: string, token?: string, headers?: readonly (readonly [string, string])[], body?: string, localAddress?: string }} what
 * @returns {Promise<{ status: number, headers: Record<string, string>, body: unknown, text: string }>} `body` is what JSON says
 */
export async function send(port, { method = 'GET', path, token, headers = [], body, localAddress }) {
  const lines = [
    ['Host', `127.0.0.1:${port}`],
    ['Connection', 'close'],
    ...(token === undefined ? [] : [['Authorization', `Bearer ${token}`]]),
    ...(body === undefined ? [] : [['Content-Length', String(Buffer.byteLength(body))]]),
    ...(body === undefined || headers.some(([name]) => name === 'Content-Type')
      ? []
      : [['Content-Type', 'application/json']]),
    ...headers,
  ];
  const asked = request({ host: '127.0.0.1', port, method, path, headers: lines.flat(), agent: false, localAddress });
  asked.end(body);
  const [answer] = await once(asked, 'response');
  const chunks = await answer.toArray();
  const text = Buffer.concat(chunks).toString();
  return { status: answer.statusCode, headers: answer.headers, body: parsed(text), text };
}

/**
 * Sends bytes as they are written here and returns all that comes back, until the connection is closed or says nothing
 * any more.
 *
 * @param {number} port
 * @param {readonly string[]} lines
 * @param {number} [quietMs] after which nothing more is waited for
 */
export async function sendRaw(port, lines, quietMs = 1_000) {
  const socket = connect(port, '127.0.0.1');
  const received = [];
  socket.on('data', (bytes) => received.push(bytes));
  socket.on('error', () => {}); // 'close' follows
  const closed = new Promise((resolve) => socket.once('close', () => resolve(true)));
  socket.write(lines.join('\r\n'), 'latin1');
  for (let isOver = false; !isOver;) {
    const before = received.length;
    isOver = (await Promise.race([closed, sleep(quietMs)])) || before === received.length;
  }
  socket.destroy();
  return Buffer.concat(received).toString('latin1');
}

/** The statuses of the answers in what came over a connection. */
export function statusesOf(text) {
  return [...text.matchAll(/HTTP\/1\.[01] (\d{3}) /g)].map(([, status]) => Number(status));
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // a page for people, or nothing
  }
}
