import { requestsPerSecond } from './load.mjs';
import { probe } from './probe.mjs';
import { progress } from './progress.mjs';
import { QuietGate } from './quiet-gate.mjs';
import { Servers } from './servers.mjs';

/**
 * Measures runs round by round, all of them in turn, so that a slow moment of the machine touches each of them. Each
 * application is a process of its own, and so is the load; only one of them works at a time.
 *
 * @param {string} label for the progress
 * @param {Record<string, import('./runs.mjs').Run>} runs
 * @param {{ rounds: number, seconds: number, cores?: { server: number, load: number } }} how
 * @returns {Promise<import('./comparison.mjs').Measured>}
 * @throws {Error} when an application does not start, or does not guard what it says it guards
 */
export async function measureRounds(label, runs, { rounds, seconds, cores }) {
  const servers = new Servers({ core: cores?.server });
  const gate = new QuietGate();
  try {
    const routes = {};
    for (const [name, run] of Object.entries(runs)) routes[name] = await routeOf(servers, `${label}: ${name}`, run);
    progress(`${label}: ${Object.keys(runs).length} routes answer, and the guarded ones refuse forged tokens`);

    const measured = Object.fromEntries(Object.keys(runs).map((name) => [name, []]));
    for (let round = 0; round <= rounds; round += 1) {
      for (const [name, route] of Object.entries(routes)) {
        const rate = await gate.measure(() => requestsPerSecond(route, { seconds, core: cores?.load }));
        if (round > 0) measured[name].push(rate); // the first one warms up
      }
      progress(round === 0 ? `${label}: warmed up` : `${label}: round ${round} of ${rounds}`);
    }
    if (gate.repeated > 0) progress(`${label}: ${gate.repeated} measurements made again, for the machine was slow`);
    return measured;
  } finally {
    await gate.close();
    await servers.stop();
  }
}

async function routeOf(servers, name, { application, tokensFile, token }) {
  const url = await servers.urlOf(application);
  await probe(name, url, { token, isOpen: application.name === 'open' });
  return { url, tokensFile };
}
