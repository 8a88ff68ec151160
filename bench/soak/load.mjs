// The process that makes the load: it sends what it is told, at the rate that it is told or as fast as answers come.
import { setTimeout as pause } from 'node:timers/promises';
import { answerQuestions } from './answer-questions.mjs';
import { Connection } from './connection.mjs';
import { Tally } from './tally.mjs';

const tickMs = 2;
// More at a time than a server lets wait to be accepted would be turned away by the system.
const opensAtOnce = 50;
let address;
let paths = [];
let tokens = [];
let next = 0;
let tally = new Tally();
const requests = { underWay: 0 };
let idle = [];

process.send({});
answerQuestions({
  /** Where to, which paths in turn, and with which tokens in turn. */
  aim(given) {
    ({ address = address, paths = paths, tokens = tokens } = given);
  },
  timing({ isOn }) {
    tally.isTiming = isOn;
  },
  asFastAsAnswered,
  atRate,
});

/** Each connection sends the next request as soon as it has its answer. */
async function asFastAsAnswered({ seconds, connections }) {
  await begin(connections);
  const startedAt = performance.now();
  const endsAt = startedAt + seconds * 1000;
  const again = () => {
    while (idle.length > 0 && performance.now() < endsAt) send(performance.now(), again);
  };
  again();
  await pause(seconds * 1000);
  return finish(startedAt, endsAt);
}

/**
 * Requests become due at a steady rate, whether or not earlier ones have been answered; times count from when they were
 * due. Where no connection is free, they wait for one, or are left out when `isPatient` is false.
 */
async function atRate({ seconds, rate, connections, isPatient = true }) {
  await begin(connections);
  const startedAt = performance.now();
  const endsAt = startedAt + seconds * 1000;
  const late = [];
  let due = 0;
  const sendLate = () => {
    if (late.length > 0) send(late.shift(), sendLate);
  };
  while (performance.now() < endsAt) {
    const count = Math.floor(((performance.now() - startedAt) * rate) / 1000);
    for (; due < count; due += 1) {
      const dueAt = startedAt + (due * 1000) / rate;
      if (idle.length > 0) send(dueAt, sendLate);
      else if (isPatient) late.push(dueAt);
      else tally.noteUnsent();
    }
    await pause(tickMs);
  }
  return finish(startedAt, endsAt);
}

async function begin(connections) {
  tally = new Tally();
  idle = Array.from({ length: connections }, () => new Connection(address));
  for (let at = 0; at < connections; at += opensAtOnce) {
    await Promise.all(idle.slice(at, at + opensAtOnce).map((connection) => connection.open()));
  }
}

/** Waits for what is still under way, and tells how long that took. */
async function finish(startedAt, endsAt) {
  while (requests.underWay > 0) await pause(tickMs);
  const drainMs = Math.max(0, performance.now() - endsAt);
  for (const connection of idle) connection.end();
  return { ...tally.result, seconds: (endsAt - startedAt) / 1000, drainMs };
}

function send(dueAt, then) {
  const connection = idle.pop();
  requests.underWay += 1;
  connection.send(requestOf(next), (answer) => {
    requests.underWay -= 1;
    idle.push(connection);
    tally.note(answer, performance.now() - dueAt);
    then();
  });
  next += 1;
}

function requestOf(index) {
  const token = tokens[Math.floor(index / paths.length) % tokens.length]; // each token on every path
  return `GET ${paths[index % paths.length]} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${token}\r\n\r\n`;
}
