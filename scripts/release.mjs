// Makes a release of all packages: `npm run release [-- --dry-run] [--as VERSION|major|minor|patch]`.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from './build.mjs';
import { ensureInstalled } from './ensure-installed.mjs';
import { packedRelease } from './release/packed-release.mjs';
import { root } from './process/root.mjs';

try {
  const { values } = parseArgs({ options: { 'dry-run': { type: 'boolean' }, as: { type: 'string' } } });
  await ensureInstalled();
  const { makeRelease } = await import('./release/make-release.mjs'); // it needs what is installed
  await build({ force: true }); // what stands in dist need not be what a build has left there
  await makeRelease(root, {
    as: values.as,
    dryRun: values['dry-run'],
    packAll: (files) => packedRelease(files, join(root, '.release')),
    today: new Date().toISOString().slice(0, 10),
    say: (line) => console.log(line),
  });
} catch (error) {
  console.error(`error: ${error.message}`);
  process.exitCode = 1;
}
