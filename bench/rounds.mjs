import { requestsPerSecond } from './load.mjs';
import { probe } from './probe.mjs';
import { progress } from './progress.mjs';
import { Servers } from './servers.mjs';

const warmUpSeconds = 4;
const leadInSeconds = 1;

/**
 * Measures runs round by round, all of them in turn, those of one algorithm after each other, so that a slow moment of
 * the machine touches both of what is compared. Each application is a process of its own, and so is the load; only one
 * of them works at a time.
 *
 * @param {string} label for the progress
 * @param {Record<string, import('./runs.mjs').Run>} runs
 * @param {{ rounds: number, seconds: number, cores?: { server: number, load: number } }} how
 * @returns {Promise<{ rates: import('./comparison.mjs').Measured, byCpuTime?: import('./comparison.mjs').Measured }>}
 *   requests a second, and a second of the server's processor time, where that is told
 * @throws {Error} when an application does not start, or does not guard what it says it guards
 */
export async function measureRounds(label, runs, { rounds, seconds, cores }) {
  const servers = new Servers({ core: cores?.server });
  try {
    const routes = {};
    for (const [name, run] of byAlgorithm(runs)) routes[name] = await routeOf(servers, `${label}: ${name}`, run);
    progress(`${label}: ${Object.keys(runs).length} routes answer, and the guarded ones refuse forged tokens`);

    const rates = emptyFor(runs);
    const byCpuTime = emptyFor(runs);
    for (let round = 0; round <= rounds; round += 1) {
      for (const [name, route] of Object.entries(routes)) {
        const core = cores?.load;
        // One that has just started needs time to be compiled; one that had nothing to do for a while is slow at first.
        await requestsPerSecond(route, { seconds: round === 0 ? warmUpSeconds : leadInSeconds, core });
        if (round === 0) continue;
        const { rate, perCpuSecond } = await underLoad(route, { seconds, core });
        rates[name].push(rate);
        byCpuTime[name].push(perCpuSecond);
      }
      progress(round === 0 ? `${label}: warmed up` : `${label}: round ${round} of ${rounds}`);
    }
    return { rates, ...(Object.values(byCpuTime).flat().every(Number.isFinite) && { byCpuTime }) };
  } finally {
    await servers.stop();
  }
}

function emptyFor(runs) {
  return Object.fromEntries(Object.keys(runs).map((name) => [name, []]));
}

async function underLoad(route, limits) {
  const before = await route.process.cpuSeconds();
  const rate = await requestsPerSecond(route, limits);
  const cpuSeconds = (await route.process.cpuSeconds()) - before;
  return { rate, perCpuSecond: (rate * limits.seconds) / cpuSeconds };
}

function byAlgorithm(runs) {
  const place = ([name]) => ['RS256', 'ES256'].findIndex((algorithm) => name.endsWith(algorithm));
  return Object.entries(runs).toSorted((one, other) => place(one) - place(other));
}

async function routeOf(servers, name, { application, tokensFile, token }) {
  const { url, process } = await servers.routeOf(application);
  await probe(name, url, { token, isOpen: application.name === 'open' });
  return { url, process, tokensFile };
}
