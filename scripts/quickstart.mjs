// Runs the platform and a local identity provider: `npm run quickstart [-- --help]`.
import { join, relative } from 'node:path';
import { build } from './build.mjs';
import { ensureInstalled } from './ensure-installed.mjs';
import { stopRequest } from './process/stop-request.mjs';
import { runDemo } from './quickstart/demo.mjs';
import { parseOptions, usage } from './quickstart/options.mjs';
import { portOrFreeOne, requireFreePort } from './quickstart/ports.mjs';
import { resetData } from './quickstart/reset-data.mjs';
import { Stack } from './quickstart/stack.mjs';
import { watch } from './quickstart/watch.mjs';
import { welcome } from './quickstart/welcome.mjs';

const stop = stopRequest();

try {
  await main(parseOptions(process.argv.slice(2)));
} catch (error) {
  // Ctrl-C before all was ready is no failure.
  if (!stop.aborted) console.error(`error: ${error.message}`);
  process.exitCode = stop.aborted ? 0 : 1;
}

async function main(options) {
  if (options.help) {
    console.log(usage);
    return;
  }
  const startedAt = performance.now();
  const ports = await chosenPorts(options);
  await ensureInstalled();
  console.error('Building');
  await build();
  if (options.demo) await demo(ports);
  else if (!stop.aborted) await serve({ ...options, ...ports }, startedAt);
}

/** The demo can do with any port, unless the user chose one; people and clients count on the quickstart's. */
async function chosenPorts({ port, idpPort, givenPorts, demo }) {
  const choose = async (number, option) => {
    if (demo && !givenPorts.includes(option)) return portOrFreeOne(number);
    await requireFreePort(number, option);
    return number;
  };
  const chosen = { port: await choose(port, '--port'), idpPort: await choose(idpPort, '--idp-port') };
  for (const [number, usual] of [
    [chosen.port, port],
    [chosen.idpPort, idpPort],
  ]) {
    if (number !== usual) console.error(`Port ${usual} is taken, the demo uses ${number}`);
  }
  return chosen;
}

async function demo(ports) {
  const interrupted = 130;
  try {
    await runDemo(ports, stop);
  } catch (error) {
    if (!stop.aborted) throw error;
    process.exit(interrupted);
  }
}

async function serve({ port, idpPort, dataDir, reset, watch: isWatching }, startedAt) {
  if (reset) console.error(resetData(dataDir));

  console.error('Starting the platform and the identity provider');
  const stack = await Stack.start({ port, idpPort, dataDir, signal: stop });
  const { builtInAccounts: accounts } = await import('../libs/dev-idp/dist/index.js');
  const seconds = (performance.now() - startedAt) / 1000;
  const { platformUrl, idpUrl } = stack;
  console.log(welcome({ platformUrl, idpUrl, accounts, seconds, logs: join(relative('', dataDir), '*.log') }));

  if (isWatching) void watch(stack, stop);
  const failure = await Promise.race([stack.failed, requested()]);
  if (failure === undefined) console.error('\nStopping');
  await stack.stop();
  if (failure !== undefined) throw new Error(failure);
}

/** Settles when the program should end. */
function requested() {
  return new Promise((resolve) => {
    if (stop.aborted) resolve();
    stop.addEventListener('abort', () => resolve(), { once: true });
  });
}
