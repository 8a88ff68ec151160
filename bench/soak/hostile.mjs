// The process that sends what no honest client would: requests that are too large, or that never end.
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { answerQuestions } from './answer-questions.mjs';

const tickMs = 10;
const mostAtOnce = 64;

process.send({});
answerQuestions({ oversized, endless });

/** Sends heads of requests that are too large, at a rate, each on a connection of its own. */
async function oversized({ address, seconds, rate, header, bytes }) {
  const head = `GET / HTTP/1.1\r\nHost: localhost\r\n${header}${'e'.repeat(bytes)}\r\n\r\n`;
  const startedAt = performance.now();
  const open = new Set();
  const statuses = {};
  let due = 0;
  while (performance.now() < startedAt + seconds * 1000) {
    const count = Math.floor(((performance.now() - startedAt) * rate) / 1000);
    for (; due < count && open.size < mostAtOnce; due += 1) {
      const socket = opened(address, open);
      socket.once('data', (text) => {
        const status = text.slice(9, 12);
        statuses[status] = (statuses[status] ?? 0) + 1;
        socket.destroy();
      });
      socket.write(head);
    }
    await pause(tickMs);
  }
  for (const socket of open) socket.destroy();
  return { sent: due, statuses };
}

/** Keeps so many connections open on which a request goes on, a letter a second, and never ends. */
async function endless({ address, seconds, connections }) {
  const endsAt = performance.now() + seconds * 1000;
  const open = new Set();
  let opens = 0;
  while (performance.now() < endsAt) {
    for (const socket of open) socket.write('a');
    for (; open.size < connections; opens += 1) {
      opened(address, open).write('GET / HTTP/1.1\r\nHost: localhost\r\nX-A: ');
    }
    await pause(1000);
  }
  for (const socket of open) socket.destroy();
  return { sent: opens };
}

function opened(address, open) {
  const socket = connect(address).setEncoding('latin1');
  open.add(socket);
  socket.on('error', () => {}); // 'close' follows
  socket.on('close', () => open.delete(socket));
  return socket;
}
