// Runs the platform and a local identity provider: `npm run quickstart [-- --help]`.
import { rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { build } from './build.mjs';
import { ensureInstalled } from './ensure-installed.mjs';
import { stopRequest } from './process/stop-request.mjs';
import { runDemo } from './quickstart/demo.mjs';
import { parseOptions, usage } from './quickstart/options.mjs';
import { requireFreePort } from './quickstart/ports.mjs';
import { Stack } from './quickstart/stack.mjs';
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
  await requireFreePort(options.port, '--port');
  await requireFreePort(options.idpPort, '--idp-port');
  await ensureInstalled();
  console.error('Building');
  await build();
  if (options.demo) await demo(options);
  else if (!stop.aborted) await serve(options, startedAt);
}

async function demo(options) {
  const interrupted = 130;
  try {
    await runDemo(options, stop);
  } catch (error) {
    if (!stop.aborted) throw error;
    process.exit(interrupted);
  }
}

async function serve({ port, idpPort, dataDir, reset }, startedAt) {
  if (reset) for (const folder of ['platform', 'idp']) rmSync(join(dataDir, folder), { recursive: true, force: true });

  console.error('Starting the platform and the identity provider');
  const stack = await Stack.start({ port, idpPort, dataDir, signal: stop });
  const { builtInAccounts: accounts } = await import('../libs/dev-idp/dist/index.js');
  const seconds = (performance.now() - startedAt) / 1000;
  const { platformUrl, idpUrl } = stack;
  console.log(welcome({ platformUrl, idpUrl, accounts, seconds, logs: join(relative('', dataDir), '*.log') }));

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
