import { deepEqual } from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { providerContract } from './provider-contract.mjs';
import { playDialogues } from './providers/simulated/dialogues.mjs';
import { simulatedProviders, tableOf } from './providers/simulated/recorded.mjs';
import { SimulatedProvider } from './providers/simulated/simulated-provider.mjs';

// One of each kind: people with and without scopes of an API, a prefix, and machines.
const shortRun = ['entra-id', 'okta', 'cognito', 'kubernetes'];
const isShort = process.env.NMP_INTEROP === 'short';

/**
 * Providers of which there is no server to be had, played from what was recorded of them: the contract of all providers
 * with each, and then every recorded dialogue with the command line program.
 *
 * @param {object} given
 * @param {import('../../scripts/process/tally.mjs').Tally} given.tally
 * @param {readonly string[]} [given.names] of the providers; all unless it is given, with `NMP_INTEROP=short` four of them
 * @param {boolean} [given.withDialogues] true unless `NMP_INTEROP=short`
 */
export async function simulatorSuite({
  tally,
  names = isShort ? shortRun : simulatedProviders,
  withDialogues = !isShort,
}) {
  const leftOut = simulatedProviders.filter((name) => !names.includes(name));
  if (leftOut.length > 0) console.log(`\nNot in a short run: ${leftOut.join(', ')}, the recorded dialogues`);
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
