// Installs the dependencies when they are missing or do not fit the lock file. Needs Node and npm, nothing else.
import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { missingPackages } from './install/missing-packages.mjs';
import { runsOnNode, supportedNode } from './install/node-version.mjs';
import { root } from './process/root.mjs';
import { runNpm } from './process/run-npm.mjs';

/**
 * Makes `node_modules` fit `package-lock.json`, and does nothing when it does. `NMP_SKIP_INSTALL=1` turns a needed
 * install into an error, for machines whose dependencies somebody else provides.
 *
 * @param {string} [directory] the package to look at
 * @throws {Error} with a sentence that says what to do
 */
export async function ensureInstalled(directory = root) {
  if (!runsOnNode(process.versions.node)) {
    throw new Error(`Node ${process.versions.node} is not supported: install Node ${supportedNode}, then try again`);
  }
  const locked = existsSync(join(directory, 'package-lock.json'));
  const gaps = missingPackages(directory);
  if (gaps.length === 0) return;

  const reason = gaps.length === 1 ? gaps[0] : `${gaps[0]} and ${gaps.length - 1} more`;
  if (process.env.NMP_SKIP_INSTALL === '1') {
    throw new Error(`dependencies do not fit package-lock.json (${reason}) and NMP_SKIP_INSTALL=1 forbids installing`);
  }
  console.error(`Installing dependencies: ${reason}`);
  if (!locked) console.error('package-lock.json is missing: npm chooses the versions anew');
  await install(directory, locked);
}

async function install(directory, locked) {
  const startedAt = performance.now();
  // Not `npm ci`, which begins by removing node_modules: with --no-save the locked versions are installed too, the lock
  // file is left as it is, and only what changed is fetched. No dependency needs its install script.
  // Whatever NODE_ENV says: what builds and tests is among the development dependencies.
  const args = [
    'install',
    ...(locked ? ['--no-save'] : []),
    '--include=dev',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
  ];
  const { code } = await runNpm(args, { cwd: directory }).catch((cause) => {
    throw new Error('npm was not found: install it with Node, then try again', { cause });
  });
  if (code !== 0) {
    throw new Error(
      `npm install failed (exit ${code}). Is the package registry reachable? ` +
        'Behind a proxy set the npm settings "registry" and "https-proxy"; then try again',
    );
  }
  const gaps = missingPackages(directory);
  if (gaps.length > 0) throw new Error(`npm install succeeded but ${gaps[0]}: delete node_modules and try again`);
  console.error(`Installed in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
}

if (realpathSync(process.argv[1]) === import.meta.filename) {
  await ensureInstalled().catch((error) => {
    console.error(`error: ${error.message}`);
    process.exitCode = 1;
  });
}
