/** How many requests are answered before, and after, what happens. */
const around = 300;

/** What happens to instances under load: each returns when everything is as it was. */
export const faultSteps = {
  'one is killed, and comes back': async ({ instances: [, second] }, load) => {
    await second.kill();
    await load.more(around);
    await second.start();
  },

  'one ends by SIGTERM, and comes back': async ({ instances: [, , third] }, load) => {
    await third.stop();
    await load.more(around);
    await third.start();
  },

  'each is replaced, one after the other': async ({ instances }, load) => {
    for (const instance of instances) {
      await instance.stop();
      await instance.start();
      await load.more(around);
    }
  },

  'two are killed at once, and come back': async ({ instances: [first, second] }, load) => {
    await Promise.all([first.kill(), second.kill()]);
    await load.more(around);
    await Promise.all([first.start(), second.start()]);
  },
};

/**
 * Lets something happen under load, and tells what callers saw.
 *
 * @param {import('./fleet.mjs').Fleet} fleet
 * @param {import('./steady-load.mjs').SteadyLoad} load
 * @param {(fleet: import('./fleet.mjs').Fleet, load: import('./steady-load.mjs').SteadyLoad) => Promise<void>} fault
 */
export async function underLoad(fleet, load, fault) {
  await load.more(around);
  const before = { times: load.times.length, failures: load.failures.length, handed: fleet.handed().length };
  const startedAt = performance.now();
  await fault(fleet, load);
  const seconds = (performance.now() - startedAt) / 1000;
  await load.more(around);
  const times = load.times.slice(before.times);
  return {
    requests: times.length,
    failures: load.failures.slice(before.failures),
    passedOn: fleet
      .handed()
      .slice(before.handed)
      .filter(({ instances }) => instances.length > 1).length,
    slowestMs: Math.round(Math.max(...times)),
    seconds: seconds.toFixed(1),
  };
}
