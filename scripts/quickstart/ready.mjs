import { setTimeout as sleep } from 'node:timers/promises';

const intervalMs = 100;

/**
 * Waits until a service answers 200 at a URL.
 *
 * @param {import('./service.mjs').Service} service
 * @param {string} url
 * @param {number} timeoutMs
 * @throws {Error} when the service ends first, or does not answer in time
 */
export async function untilReady(service, url, timeoutMs) {
  let ended = false;
  const end = service.ended.then((reason) => {
    ended = true;
    throw new Error(reason ?? `${service.name} was stopped`);
  });
  await Promise.race([poll(service, url, timeoutMs, () => ended), end]);
}

async function poll(service, url, timeoutMs, ended) {
  const deadline = performance.now() + timeoutMs;
  let last = 'no answer';
  while (!ended()) {
    const answer = await fetch(url, { signal: AbortSignal.timeout(2_000) }).catch((error) => error);
    if (answer.ok) return;
    last = answer instanceof Response ? `HTTP ${answer.status}` : (answer.cause?.code ?? answer.message);
    if (performance.now() > deadline) {
      throw new Error(
        `${service.name} was not ready after ${timeoutMs / 1000} s (${url}: ${last}); see ${service.logFile}`,
      );
    }
    await sleep(intervalMs);
  }
}
