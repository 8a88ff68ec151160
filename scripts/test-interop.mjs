// Signs in with a real browser at the development identity provider and at real ones, and at others that are played from
// records, compares the policy with a real Open Policy Agent, and puts the refresh of tokens under pressure:
// `npm run test:interop [-- SUITE…] [--write-compatibility]`. What cannot be had on this machine is named and fails nothing.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from './build.mjs';
import { printCompatibility, writeCompatibility } from './compatibility.mjs';
import { ensureInstalled } from './ensure-installed.mjs';
import { root } from './process/root.mjs';
import { inLanes } from './process/lanes.mjs';
import { Tally } from './process/tally.mjs';
import { freePort } from './quickstart/ports.mjs';
import { Stack } from './quickstart/stack.mjs';

const screenshots = join(root, '.interop', 'screenshots');
const inChromium = ['login', 'docs-page', 'keycloak', 'dex', 'oidc-provider'];
/** Those that need no browser from here. */
const suites = {
  guides: async () => (await import('../test/interop/guides.mjs')).guidesSuite({ tally }),
  simulator: async () => (await import('../test/interop/simulator.mjs')).simulatorSuite({ tally }),
  brokers: async () => (await import('../test/interop/brokers.mjs')).brokerSuite({ tally }),
  messages: async () => (await import('../test/interop/platform-messages.mjs')).platformMessagesSuite({ tally }),
  keychain: async () => (await import('../test/interop/keychain.mjs')).keychainSuite({ tally }),
  opa: async () => (await import('../test/interop/opa.mjs')).opaSuite({ tally }),
  'two-services': twoServices,
  gateways: async () => (await import('../test/interop/gateways.mjs')).gatewaySuite({ tally }),
  deploy: async () => (await import('../test/interop/deploy.mjs')).deploySuite({ tally }),
  runtimes: async () => (await import('../test/interop/runtimes.mjs')).runtimesSuite({ tally }),
  watch: async () => (await import('../test/interop/watch.mjs')).watchSuite({ tally }),
  postgres: async () => (await import('../test/interop/postgres.mjs')).postgresSuite({ tally }),
  cluster: async () => (await import('../test/interop/cluster.mjs')).clusterSuite({ tally }),
  site: async () => (await import('../test/interop/site.mjs')).siteSuite({ tally, screenshots }),
  stress: async () => (await import('../test/interop/stress.mjs')).stressSuite({ tally }),
};
/** Suites wait for servers, pages and the end of tokens most of the time: these go side by side, each lane in its order. */
const lanes = [
  inChromium,
  ['guides', 'simulator', 'brokers', 'messages', 'keychain', 'opa', 'two-services'],
  ['gateways', 'deploy', 'runtimes', 'watch', 'postgres', 'cluster', 'site', 'stress'],
];
const known = lanes.flat();

const options = { 'write-compatibility': { type: 'boolean' }, results: { type: 'string' } };
const { values: given, positionals: asked } = parseArgs({ options, allowPositionals: true });
const strange = asked.find((name) => !known.includes(name));
if (strange !== undefined) {
  console.error(`error: there is no suite "${strange}"; known: ${known.join(', ')}`);
  process.exit(1);
}
const wants = (name) => asked.length === 0 || asked.includes(name);

await ensureInstalled();
await build();
const tally = new Tally();
const asLanes = lanes.map((names) => names.filter(wants)).filter((names) => names.length > 0);
if (asLanes.length > 1) await inLanes(import.meta.filename, asLanes, tally);
else await inTurn();
if (given.results === undefined) {
  printCompatibility(tally.parts);
  tally.close();
  if (given['write-compatibility']) await writeCompatibility(tally);
} else {
  writeFileSync(given.results, JSON.stringify(tally));
}

async function inTurn() {
  if (inChromium.some(wants)) await inBrowser();
  // Each is loaded when it is its turn: only now is it certain that what it depends on is there.
  for (const name of known.filter(wants)) await suites[name]?.();
}

async function twoServices() {
  const { twoServicesSuite } = await import('../test/interop/two-services.mjs');
  const { builtInAccounts: accounts } = await import('../libs/dev-idp/dist/index.js');
  await twoServicesSuite({ tally, accounts });
}

async function inBrowser() {
  const { Browser, browserProblem } = await import('../test/interop/browser.mjs');
  if (browserProblem()) installChromium();
  const problem = browserProblem();
  if (problem) return tally.unavailable('chromium', problem);
  const directory = mkdtempSync(join(tmpdir(), 'nmp-interop-'));
  rmSync(screenshots, { recursive: true, force: true });
  let browser;
  try {
    browser = await tally.run('Chromium starts', () => Browser.start(join(directory, 'profile'), screenshots));
    if (browser === undefined) return undefined;
    if (wants('login') || wants('docs-page')) await atDevelopmentProvider(browser, directory);
    await atRealProviders(browser);
    console.log(`\nScreenshots: ${screenshots}`);
  } finally {
    await browser?.close();
    rmSync(directory, { recursive: true, force: true });
  }
  return undefined;
}

async function atDevelopmentProvider(browser, directory) {
  const { deviceLoginSuite } = await import('../test/interop/device-login.mjs');
  const { docsPageSuite } = await import('../test/interop/docs-page.mjs');
  const { builtInAccounts: accounts } = await import('../libs/dev-idp/dist/index.js');
  const ports = { port: await freePort(), idpPort: await freePort() };
  const stack = await Stack.start({ ...ports, dataDir: join(directory, 'data') });
  try {
    const configFile = join(directory, 'config.yaml');
    if (wants('login')) await deviceLoginSuite({ stack, browser, tally, accounts, configFile });
    if (wants('docs-page')) await docsPageSuite({ stack, browser, tally, accounts });
  } finally {
    await stack.stop();
  }
}

async function atRealProviders(browser) {
  const { providerSuite } = await import('../test/interop/provider-contract.mjs');
  const { Keycloak } = await import('../test/interop/providers/keycloak.mjs');
  const { Dex } = await import('../test/interop/providers/dex.mjs');
  const { OidcProvider } = await import('../test/interop/providers/oidc-provider.mjs');
  for (const Provider of [Keycloak, Dex, OidcProvider].filter(({ name }) => wants(name))) {
    await providerSuite({ tally, browser, Provider });
  }
  tally.end();
}

/** Debian's package, where we may install it. */
function installChromium() {
  if (process.platform !== 'linux' || process.getuid() !== 0) return;
  console.error('Installing Chromium');
  const options = { stdio: 'ignore', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
  spawnSync('apt-get', ['update'], options);
  spawnSync('apt-get', ['install', '-y', 'chromium'], options);
}
