// Signs in with a real browser, compares the policy with a real Open Policy Agent, and puts the refresh of tokens under
// pressure: `npm run test:interop`. What cannot be had on this machine is named and fails nothing.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from './build.mjs';
import { ensureInstalled } from './ensure-installed.mjs';
import { root } from './process/root.mjs';
import { Tally } from './process/tally.mjs';
import { freePort } from './quickstart/ports.mjs';
import { Stack } from './quickstart/stack.mjs';

const screenshots = join(root, '.interop', 'screenshots');

await ensureInstalled();
await build();
// Only now is it certain that their dependencies are there.
const { Browser, browserProblem } = await import('../test/interop/browser.mjs');
const { deviceLoginSuite } = await import('../test/interop/device-login.mjs');
const { opaSuite } = await import('../test/interop/opa.mjs');
const { postgresSuite } = await import('../test/interop/postgres.mjs');
const { runtimesSuite } = await import('../test/interop/runtimes.mjs');
const { stressSuite } = await import('../test/interop/stress.mjs');

const tally = new Tally();
if (browserProblem()) installChromium();
const problem = browserProblem();
if (problem) tally.unavailable('chromium', problem);
else await inBrowser();
await opaSuite({ tally });
await postgresSuite({ tally });
await runtimesSuite({ tally });
await stressSuite({ tally });
tally.close();

async function inBrowser() {
  const directory = mkdtempSync(join(tmpdir(), 'nmp-interop-'));
  rmSync(screenshots, { recursive: true, force: true });
  let stack;
  let browser;
  try {
    const ports = { port: await freePort(), idpPort: await freePort() };
    stack = await Stack.start({ ...ports, dataDir: join(directory, 'data') });
    browser = await tally.run('Chromium starts', () => Browser.start(join(directory, 'profile'), screenshots));
    if (browser === undefined) return;
    const { builtInAccounts: accounts } = await import('../libs/dev-idp/dist/index.js');
    await deviceLoginSuite({ stack, browser, tally, accounts, configFile: join(directory, 'config.yaml') });
    console.log(`\nScreenshots: ${screenshots}`);
  } finally {
    await browser?.close();
    await stack?.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Debian's package, where we may install it. */
function installChromium() {
  if (process.platform !== 'linux' || process.getuid() !== 0) return;
  console.error('Installing Chromium');
  const options = { stdio: 'ignore', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
  spawnSync('apt-get', ['update'], options);
  spawnSync('apt-get', ['install', '-y', 'chromium'], options);
}
