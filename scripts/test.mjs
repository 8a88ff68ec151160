// `npm test [-- arguments for Jest]`: everything that must hold, the quick checks first; stops at the first that fails.
import { build } from './build.mjs';
import { ensureInstalled } from './ensure-installed.mjs';
import { tasks } from './tasks.mjs';

const stages = {
  install: async () => ensureInstalled(),
  engines: () => tasks.engines([]),
  licences: () => tasks.licences([]),
  lint: () => tasks.lint([]),
  types: () => tasks.typecheck([]),
  // The command line tests start the built programs.
  build: () => build(),
  jest: () => tasks.jest(process.argv.slice(2)),
};

for (const [name, stage] of Object.entries(stages)) {
  console.error(`\n▸ ${name}`);
  const startedAt = performance.now();
  const code = await stage().catch((error) => {
    console.error(`error: ${error.message}`);
    return 1;
  });
  if (code) {
    // Jest's own closing line stays the last one.
    if (name !== 'jest') console.error(`\nnpm test: stage "${name}" failed (exit ${code})`);
    process.exit(code);
  }
  if (name !== 'jest') console.error(`  ok in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
}
