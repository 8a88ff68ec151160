// The public surface of the packages in `api/`: `npm run api` writes it, `npm run api -- --check` compares with what is built.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { linesThatDiffer } from './api/lines-that-differ.mjs';
import { build } from './build.mjs';
import { ensureInstalled } from './ensure-installed.mjs';
import { published } from './packages/published.mjs';
import { root } from './process/root.mjs';

const { values } = parseArgs({
  options: { check: { type: 'boolean' }, folder: { type: 'string', default: join(root, 'api') } },
});

await ensureInstalled();
if (!values.check) await build({ names: published.map(({ name }) => name) });
const { apiReports } = await import('./api/reports.mjs'); // it needs what is installed
if (values.check) check(apiReports(), values.folder);
else write(apiReports(), values.folder);

function write(reports, folder) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  for (const [name, text] of reports) writeFileSync(join(folder, name), text);
}

function check(reports, folder) {
  for (const name of new Set([...reports.keys(), ...readdirSync(folder)])) {
    const file = join(folder, name);
    const lines = linesThatDiffer(existsSync(file) ? readFileSync(file, 'utf8') : '', reports.get(name) ?? '');
    if (lines.length === 0) continue;
    console.error([`${name} is not what the packages export:`, ...lines, ''].join('\n'));
    process.exitCode = 1;
  }
  if (process.exitCode) console.error('Is it meant? Then: npm run api, and commit what it wrote.');
}
