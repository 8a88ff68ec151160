import { setTimeout as pause } from 'node:timers/promises';
import { failed, figuresFor, tellOf } from './load-figures.mjs';
import { slopeOf } from './heap-slope.mjs';
import { tokensInTurn } from './stage.mjs';

const mib = 1_048_576;
const settleMs = 100;

/**
 * The application at a steady part of its capacity, for a while in which tokens and keys are replaced.
 *
 * @param {import('./stage.mjs').Stage} stage
 * @param {{ seconds: number, capacity: number, share: number, connections: number }} how
 */
export async function measureSteady(stage, { seconds, capacity, share, connections }) {
  const { load, server, issuer } = stage;
  const fetchesBefore = issuer.keyFetches;
  await server.ask('eventLoop');
  const running = load.ask('atRate', { seconds, rate: capacity * share, connections });
  const stepSeconds = Math.min(5, Math.max(1, seconds / 12));
  const samples = [];
  let rotations = 0;
  const startedAt = performance.now();
  for (let step = 1; step * stepSeconds < seconds; step += 1) {
    await pause(Math.max(0, startedAt + step * stepSeconds * 1000 - performance.now()));
    if (step % 2 === 0) {
      await issuer.rotate();
      await load.ask('aim', { tokens: await issuer.tokens(tokensInTurn) });
      rotations += 1;
    }
    samples.push({ minutes: (performance.now() - startedAt) / 60_000, ...(await memoryOf(stage)) });
  }
  const result = await running;
  const eventLoop = await server.ask('eventLoop');
  tellOf(stage.application, result);

  const { of, none } = figuresFor(stage.application, 'soak');
  // What is remembered of tokens fills up first.
  const later = samples.slice(Math.floor(samples.length / 3));
  const heap = later.map(({ minutes, heapBytes }) => ({ minutes, value: heapBytes / mib }));
  return [
    of('asked', capacity * share, 'requests/s'),
    none('failed', failed(result)),
    of('p50', result.p50, 'ms'),
    of('p99', result.p99, 'ms'),
    of('slowest', result.max, 'ms'),
    of('event loop late, p50', eventLoop.p50, 'ms'),
    of('event loop late, p99', eventLoop.p99, 'ms'),
    of('new keys', rotations, 'keys'),
    of('fetches of keys', issuer.keyFetches - fetchesBefore, 'fetches'),
    of('heap at the end', heap.at(-1)?.value ?? 0, 'MB'),
    of('heap grows by', slopeOf(heap), 'MB/min'),
    of('all memory at the end', (later.at(-1)?.rssBytes ?? 0) / mib, 'MB'),
  ];
}

/** Looking costs time, and what is answered meanwhile says nothing of the application. */
async function memoryOf({ load, server }) {
  await load.ask('timing', { isOn: false });
  const memory = await server.ask('memory');
  await pause(settleMs);
  await load.ask('timing', { isOn: true });
  return memory;
}
