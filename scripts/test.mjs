// `npm test [-- arguments for Jest]`: everything that must hold, the quick checks first; Jest is not run when one fails.
import { ensureInstalled } from './ensure-installed.mjs';
import { runNode } from './process/run-node.mjs';
import { tasks } from './tasks.mjs';

/** One after another: what fails here spoils the rest. */
const preparations = {
  install: async () => ensureInstalled(),
  engines: () => tasks.engines([]),
  licences: () => tasks.licences([]),
};
/** Beside each other: a machine has more than one core. The tests of the command line start what is built. */
const checks = {
  lint: ['scripts/run.mjs', 'lint'],
  types: ['scripts/run.mjs', 'typecheck'],
  build: ['scripts/build.mjs'],
  unused: ['scripts/run.mjs', 'unused'],
};

for (const [name, prepare] of Object.entries(preparations)) {
  console.error(`\n▸ ${name}`);
  endIfFailed(name, show(await timed(async () => ({ code: (await prepare()) ?? 0, output: '' }))));
}

const running = Object.entries(checks).map(([name, args]) => ({
  name,
  ending: timed(() => runNode(args, { capture: true })),
}));
const results = [];
for (const { name, ending } of running) {
  console.error(`\n▸ ${name}`);
  results.push({ name, result: show(await ending) });
}
for (const { name, result } of results) endIfFailed(name, result);

console.error('\n▸ jest');
process.exitCode = await tasks.jest(process.argv.slice(2)); // Jest's own closing line stays the last one

async function timed(work) {
  const startedAt = performance.now();
  const result = await work().catch((error) => ({ code: 1, output: `error: ${error.message}` }));
  return { ...result, seconds: (performance.now() - startedAt) / 1000 };
}

function show(result) {
  const { code, output, seconds } = result;
  if (output !== '') console.error(output.trimEnd());
  if (code === 0) console.error(`  ok in ${seconds.toFixed(1)} s`);
  return result;
}

function endIfFailed(name, { code }) {
  if (code === 0) return;
  console.error(`\nnpm test: stage "${name}" failed (exit ${code})`);
  process.exit(code);
}
