// Builds what changed: `npm run build [-- NAME…]`, `--force` builds all anew.
import { realpathSync } from 'node:fs';
import { compile, isBuilt } from './build/compile.mjs';
import { packages } from './build/packages.mjs';
import { slots } from './build/slots.mjs';
import { sourceHash } from './build/source-hash.mjs';
import { ensureInstalled } from './ensure-installed.mjs';

/**
 * Builds the packages whose sources changed, each after those it needs, two compilers at a time.
 *
 * @param {{ names?: readonly string[], force?: boolean, log?: (line: string) => void, onBuilt?: (name: string) => void }} [options]
 *   `names` limits the build to these packages and what they need; `onBuilt` is told of each that was not up to date
 * @throws {Error} with the compiler's output when a package does not compile
 */
export async function build({
  names = packages.map(({ name }) => name),
  force = false,
  log = console.error,
  onBuilt = () => {},
} = {}) {
  const inSlot = slots(2);
  const fingerprints = new Map();
  const builds = new Map();

  for (const entry of packages.filter(({ name }) => isWanted(name, names))) {
    const fingerprint = sourceHash(
      entry,
      entry.needs.map((need) => fingerprints.get(need)),
    );
    fingerprints.set(entry.name, fingerprint);
    const upstream = entry.needs.map((need) => builds.get(need));
    builds.set(entry.name, buildOne(entry, fingerprint, { upstream, force, inSlot, log, onBuilt }));
  }
  const failed = (await Promise.allSettled(builds.values())).find(({ status }) => status === 'rejected');
  if (failed) throw failed.reason;
}

async function buildOne(entry, fingerprint, { upstream, force, inSlot, log, onBuilt }) {
  await Promise.all(upstream);
  if (!force && isBuilt(entry, fingerprint)) {
    log(`  ${entry.name.padEnd(14)} up to date`);
    return;
  }
  const startedAt = performance.now();
  try {
    await compile(entry, fingerprint, inSlot);
  } catch (cause) {
    throw new Error(`${entry.name} does not compile\n${cause.message}`, { cause });
  }
  onBuilt(entry.name);
  log(`  ${entry.name.padEnd(14)} ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
}

function isWanted(name, names) {
  return (
    names.includes(name) || packages.some(({ name: user, needs }) => needs.includes(name) && isWanted(user, names))
  );
}

async function main(args) {
  const names = args.filter((arg) => !arg.startsWith('--'));
  const unknown = names.filter((name) => !packages.some((entry) => entry.name === name));
  if (unknown.length > 0) {
    throw new Error(`unknown package ${unknown.join(', ')}; known: ${packages.map(({ name }) => name).join(', ')}`);
  }
  await ensureInstalled();
  await build({ names: names.length > 0 ? names : undefined, force: args.includes('--force') });
}

if (realpathSync(process.argv[1]) === import.meta.filename) {
  await main(process.argv.slice(2)).catch((error) => {
    console.error(`error: ${error.message}`);
    process.exitCode = 1;
  });
}
