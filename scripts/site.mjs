// Builds the site of the guides and the API reference into `site/dist`: `npm run site`. `-- --serve` shows it afterwards on
// this machine, at `--port` (4173).
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureInstalled } from './ensure-installed.mjs';
import { root } from './process/root.mjs';
import { runNode } from './process/run-node.mjs';

const site = join(root, 'site');
const options = { serve: { type: 'boolean' }, port: { type: 'string', default: '4173' } };

try {
  const { values } = parseArgs({ options });
  await ensureInstalled();
  await ensureInstalled(site);
  const { code } = await runNode([join(site, 'build.mjs')], { cwd: site });
  process.exitCode = code;
  if (code === 0 && values.serve) {
    const vitepress = join(site, 'node_modules', 'vitepress', 'bin', 'vitepress.js');
    const served = await runNode([vitepress, 'preview', '--host', '127.0.0.1', '--port', values.port], { cwd: site });
    process.exitCode = served.code;
  }
} catch (error) {
  console.error(`error: ${error.message}`);
  process.exitCode = 1;
}
