import { deepEqual } from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from '../process/run-command.mjs';
import { runNode } from '../process/run-node.mjs';
import { succeed } from '../process/succeed.mjs';
import { freePort } from '../quickstart/ports.mjs';
import { Stack } from '../quickstart/stack.mjs';

/**
 * Runs the scripts of a project against a running platform, after its own `nemo` has signed in there.
 *
 * @param {string} project folder with the packages installed
 * @param {readonly string[]} scripts
 * @throws {Error} when one does not say what it must
 */
export async function runSignedIn(project, scripts) {
  const dataDir = mkdtempSync(join(tmpdir(), 'nmp-scripts-'));
  const stack = await Stack.start({ port: await freePort(), idpPort: await freePort(), dataDir });
  try {
    const env = { ...process.env, NMP_CONFIG_FILE: join(dataDir, 'nemo.yaml'), NMP_OIDC_PASSWORD: 'alice-password' };
    const options = { cwd: project, env, capture: true };
    const nemo = join('node_modules', '.bin', 'nemo');
    const credentials = ['--base-url', stack.platformUrl, '--username', 'alice@example.com'];
    await succeed(runCommand(nemo, ['auth', 'login', ...credentials], options));
    for (const script of scripts) {
      const said = JSON.parse(await succeed(runNode([script], options)));
      deepEqual(said, { caller: 'alice@example.com', isConflict: true, hasWorkspace: true }, script);
    }
  } finally {
    await stack.stop();
    rmSync(dataDir, { recursive: true });
  }
}
