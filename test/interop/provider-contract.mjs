import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StartTimeoutError } from '../../scripts/process/server-process.mjs';
import { freePort } from '../../scripts/quickstart/ports.mjs';
import { outageSteps } from './providers/outage-steps.mjs';
import { ProviderWorld } from './providers/provider-world.mjs';
import { signInSteps } from './providers/sign-in-steps.mjs';
import { tokenSteps } from './providers/token-steps.mjs';

const steps = { ...signInSteps, ...tokenSteps, ...outageSteps };

/** What is tried with every provider, in this order. */
export const contractSteps = Object.keys(steps);

/**
 * What must go with every identity provider, tried with a real one: the provider is set up as its page says, the platform
 * with the settings of that page, and people sign in with the command line program and the provider's own pages.
 *
 * @param {object} given
 * @param {import('../../scripts/process/tally.mjs').Tally} given.tally
 * @param {import('./browser.mjs').Browser} given.browser
 * @param {typeof import('./providers/keycloak.mjs').Keycloak} given.Provider
 */
export async function providerSuite({ tally, browser, Provider }) {
  tally.begin({ name: Provider.name, version: Provider.version, kind: 'provider' });
  const found = await Provider.find();
  if (found.problem) return tally.unavailable(Provider.name, found.problem);
  const directory = mkdtempSync(join(tmpdir(), `nmp-${Provider.name}-`));
  let provider;
  try {
    provider = await tally.run('the provider starts', () => startedProvider(Provider, found, directory));
    if (provider !== undefined) await providerContract({ tally, browser, provider, directory });
  } finally {
    await provider?.close();
    rmSync(directory, { recursive: true, force: true });
  }
  return undefined;
}

/**
 * Tries every step with a provider that is running, and then its variants: other settings, other tokens.
 *
 * @param {object} given
 * @param {import('../../scripts/process/tally.mjs').Tally} given.tally
 * @param {Pick<import('./browser.mjs').Browser, 'open' | 'forget' | 'picture'>} given.browser
 * @param {object} given.provider
 * @param {string} given.directory for the files of this trial
 */
export async function providerContract({ tally, browser, provider, directory }) {
  const contract = Object.entries(steps).map(([name, check]) => ({ name, check, reason: provider.notOffered[name] }));
  const trials = new Map([[provider.platformConfig, [{ name: 'the platform starts', check: () => {} }, ...contract]]]);
  for (const { platformConfig, ...variant } of provider.variants ?? []) {
    trials.set(platformConfig, [...(trials.get(platformConfig) ?? []), variant]);
  }
  for (const [platformConfig, checks] of trials) {
    const place = mkdtempSync(join(directory, 'platform-'));
    let starting;
    const started = () => (starting ??= ProviderWorld.start({ provider, browser, directory: place, platformConfig }));
    for (const { name, check, reason } of checks) {
      if (reason === undefined) await tally.run(name, async () => check(await started()));
      else tally.notOffered(name, reason);
    }
    const world = await starting?.catch(() => undefined);
    await world?.stop();
  }
}

/** A machine with much to do may be slow once. */
async function startedProvider(Provider, found, directory) {
  const start = async (folder) => {
    const place = { directory: join(directory, folder), port: await freePort() };
    mkdirSync(place.directory);
    const provider = new Provider(found, place);
    try {
      await provider.start();
      return provider;
    } catch (error) {
      await provider.close();
      throw error;
    }
  };
  try {
    return await start('first');
  } catch (error) {
    if (!(error instanceof StartTimeoutError)) throw error;
    return start('second');
  }
}
