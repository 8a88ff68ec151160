import { once } from 'node:events';
import { connect } from 'node:net';

const id = '1'; // the answers need not be told apart

/**
 * Sends one message over and over, with as little work as there can be, and tells of each answer.
 *
 * @typedef {object} RpcLine
 * @property {() => void} send
 * @property {(answer: () => { response?: unknown, err?: { code?: string } }) => void} onAnswer to be set
 * @property {() => Promise<void>} close
 *
 * @typedef {{ port: number, pattern: string, authorization: string }} Sent
 */

/** @type {Record<string, (sent: Sent) => Promise<RpcLine>>} */
export const rpcLines = { tcp: overTcp, nats: overNats };

/** One connection, as Nest's own client has. */
async function overTcp({ port, pattern, authorization }) {
  const data = { 'nmp:headers': { authorization }, 'nmp:data': { page: 1 } };
  const message = JSON.stringify({ pattern, data, id });
  const frame = `${message.length}#${message}`;
  const socket = connect({ host: '127.0.0.1', port, noDelay: true }).setEncoding('utf8');
  await once(socket, 'connect');
  const line = {
    send: () => socket.write(frame),
    onAnswer: undefined,
    close: async () => void socket.destroy(),
  };
  let received = '';
  socket.on('data', (text) => {
    received += text;
    for (;;) {
      const start = received.indexOf('#') + 1;
      const end = start + Number(received.slice(0, start - 1));
      if (start === 0 || received.length < end) return;
      const answer = received.slice(start, end);
      received = received.slice(end);
      line.onAnswer(() => JSON.parse(answer));
    }
  });
  return line;
}

async function overNats({ port, pattern, authorization }) {
  const nats = await import('@nats-io/transport-node');
  const connection = await nats.connect({ servers: [`nats://127.0.0.1:${port}`] });
  const payload = JSON.stringify({ pattern, data: { page: 1 }, id });
  const headers = nats.headers();
  headers.set('authorization', authorization);
  const reply = nats.createInbox();
  const line = {
    send: () => connection.publish(pattern, payload, { reply, headers }),
    onAnswer: undefined,
    close: () => connection.close(),
  };
  connection.subscribe(reply, { callback: (_error, message) => line.onAnswer(() => message.json()) });
  await connection.flush();
  return line;
}
