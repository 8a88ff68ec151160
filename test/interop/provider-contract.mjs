import { deepEqual } from 'node:assert/strict';
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
  console.log(`\n${Provider.name} ${Provider.version}`);
  const found = await Provider.find();
  if (found.problem) return tally.unavailable(Provider.name, found.problem);
  const directory = mkdtempSync(join(tmpdir(), `nmp-${Provider.name}-`));
  let provider;
  let world;
  try {
    provider = await tally.run(`${Provider.name} starts`, () => started(Provider, found, directory));
    if (provider === undefined) return undefined;
    world = await tally.run('the platform starts', () => ProviderWorld.start({ provider, browser, directory }));
    if (world === undefined) return undefined;
    for (const [name, step] of Object.entries(steps)) {
      if (world.offers(name)) await tally.run(name, () => step(world));
      else tally.notOffered(name, provider.notOffered[name]);
    }
    for (const variant of provider.variants ?? []) {
      await tally.run(variant.name, () => groupsOfVariant(variant, { provider, browser, directory }));
    }
  } finally {
    await world?.stop();
    await provider?.close();
    rmSync(directory, { recursive: true, force: true });
  }
  return undefined;
}

/** A machine with much to do may be slow once. */
async function started(Provider, found, directory) {
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

/** Another way to set the platform up, with nothing tried but where groups come from. */
async function groupsOfVariant({ name, platformConfig, groups }, { provider, browser, directory }) {
  const place = join(directory, name.replaceAll(' ', '-'));
  mkdirSync(place);
  const world = await ProviderWorld.start({ provider, browser, directory: place, platformConfig });
  try {
    await world.signIn();
    const { principal } = await world.data('auth', 'whoami');
    deepEqual(
      groups.filter((group) => !principal.groups.includes(group)),
      [],
    );
  } finally {
    await world.stop();
  }
}
