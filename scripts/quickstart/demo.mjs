import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { demoSteps } from './demo-steps.mjs';
import { Stack } from './stack.mjs';
import { Transcript } from './transcript.mjs';

/**
 * Goes through sign-in and a few calls, and compares every outcome with what it must be. Leaves nothing behind and
 * does not touch the user's own configuration.
 *
 * @param {{ port: number, idpPort: number }} ports
 * @param {AbortSignal} signal
 * @throws {Error} at the first deviation
 */
export async function runDemo({ port, idpPort }, signal) {
  const startedAt = performance.now();
  const directory = mkdtempSync(join(tmpdir(), 'nmp-demo-'));
  let stack;
  try {
    console.error('Starting the platform and the identity provider');
    stack = await Stack.start({ port, idpPort, dataDir: join(directory, 'data'), signal });
    console.log(`Ready: platform ${stack.platformUrl}, identity provider ${stack.idpUrl}`);

    const { builtInAccounts: accounts, FormBrowser } = await import('../../libs/dev-idp/dist/index.js');
    const transcript = new Transcript();
    const context = { stack, accounts, FormBrowser, transcript, configFile: join(directory, 'config.yaml'), signal };
    const died = stack.failed.then((reason) => {
      throw new Error(reason);
    });
    await Promise.race([demoSteps(context), died]);
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    console.log(`\nDemo: all ${transcript.steps} steps went as they must, in ${seconds} s`);
  } finally {
    await stack?.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}
