import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../scripts/process/root.mjs';

/** Pages of the repository beside the guides. */
const others = {
  'README.md': 'index.md',
  'CONTRIBUTING.md': 'contributing.md',
  'SECURITY.md': 'security.md',
  'CHANGELOG.md': 'changelog.md',
  'bench/README.md': 'benchmarks.md',
  'policy/README.md': 'policy.md',
  'docs/README.md': 'guides.md',
  'docs/examples/two-services/README.md': 'examples/two-services.md',
};

/** Where the Markdown files of the repository stand on the site. @type {ReadonlyMap<string, string>} */
export const pages = new Map([
  ...markdownBelow('docs').map((path) => [path, path.slice('docs/'.length)]),
  ...markdownBelow('libs')
    .filter((path) => /^libs\/[^/]+\/README\.md$/.test(path))
    .map((path) => [path, `packages/${path.split('/')[1]}.md`]),
  ...Object.entries(others),
]);

function markdownBelow(folder) {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md') && !name.includes('node_modules'))
    .map((name) => `${folder}/${name}`)
    .toSorted();
}
