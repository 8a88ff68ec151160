import { parentPort } from 'node:worker_threads';

/** How long a loop takes, in milliseconds: about 40 on a processor of today that has nothing else to do. */
export function spin() {
  const startedAt = performance.now();
  let value = 0;
  for (let at = 0; at < 20_000_000; at += 1) value = (value * 31 + at) | 0;
  return value === 0.5 ? 0 : performance.now() - startedAt;
}

// In a thread of its own it spins on request.
parentPort?.on('message', () => parentPort.postMessage(spin(), []));
