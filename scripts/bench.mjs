// `npm run bench [-- PART… --rounds N --seconds N]`: installs the benchmarks' own tools and peers, builds, measures.
import { join } from 'node:path';
import { build } from './build.mjs';
import { ensureInstalled } from './ensure-installed.mjs';
import { benchDirectories } from './install/bench-directories.mjs';
import { root } from './process/root.mjs';
import { runNode } from './process/run-node.mjs';

try {
  await ensureInstalled();
  // The soak needs none of them.
  const isSoakAlone = process.argv[2] === 'soak' && !process.argv.slice(3).some((arg) => /^[a-z]/.test(arg));
  for (const directory of isSoakAlone ? [] : benchDirectories) await ensureInstalled(join(root, directory));
  await build({ names: ['@nmp/auth', '@nmp/cli', 'platform'] });
  const { code } = await runNode([join(root, 'bench', 'run.mjs'), ...process.argv.slice(2)]);
  process.exitCode = code;
} catch (error) {
  console.error(`error: ${error.message}`);
  process.exitCode = 1;
}
