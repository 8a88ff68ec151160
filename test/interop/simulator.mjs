import { deepEqual } from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { providerContract } from './provider-contract.mjs';
import { playDialogues } from './providers/simulated/dialogues.mjs';
import { simulatedProviders, tableOf } from './providers/simulated/recorded.mjs';
import { SimulatedProvider } from './providers/simulated/simulated-provider.mjs';

/**
 * Providers of which there is no server to be had, played from what was recorded of them: the contract of all providers
 * with each, and then every recorded dialogue with the command line program.
 *
 * @param {object} given
 * @param {import('../../scripts/process/tally.mjs').Tally} given.tally
 * @param {readonly string[]} [given.names] of the providers, all unless it is given
 * @param {boolean} [given.withDialogues]
 */
export async function simulatorSuite({ tally, names = simulatedProviders, withDialogues = true }) {
  for (const name of names) {
    const { title, version } = tableOf(name);
    tally.begin({ name: title, version, kind: 'simulated provider' });
    const directory = mkdtempSync(join(tmpdir(), `nmp-${name}-`));
    let provider;
    try {
      provider = await tally.run('the provider starts', () => SimulatedProvider.start(name, directory));
      if (provider === undefined) continue;
      await providerContract({ tally, browser: provider.browser, provider, directory });
      await tally.run('nobody asks anybody else', async () => deepEqual(provider.strangers, []));
    } finally {
      await provider?.close();
      rmSync(directory, { recursive: true, force: true });
    }
  }
  tally.end();
  if (withDialogues) await playDialogues({ tally });
}
