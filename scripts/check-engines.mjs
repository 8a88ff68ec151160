// Refuses a lock file with a package, development ones included, that does not run on the oldest Node we promise.
// `node scripts/check-engines.mjs [package-lock.json]`
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { narrowEngines } from './engines/narrow-engines.mjs';
import { root } from './process/root.mjs';

const oldestNode = '20.19.0';
const file = process.argv[2] ?? join(root, 'package-lock.json');

const refused = narrowEngines(JSON.parse(readFileSync(file, 'utf8')), oldestNode);
for (const line of refused) console.error(`  ${line}`);
if (refused.length > 0) {
  console.error(`error: ${refused.length} package(s) do not admit Node ${oldestNode}: choose an older version of each`);
  process.exitCode = 1;
}
