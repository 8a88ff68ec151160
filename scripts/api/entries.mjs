import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { published } from '../packages/published.mjs';
import { root } from '../process/root.mjs';

/**
 * Everything that programs may import: the entries of the `exports` maps that have types.
 *
 * @returns {readonly { name: string, directory: string, types: string }[]} `name` is that of the report, `types` a file
 */
export function publicEntries() {
  return published.flatMap(({ directory }) => {
    const { exports } = JSON.parse(readFileSync(join(root, directory, 'package.json'), 'utf8'));
    return Object.entries(exports)
      .map(([path, target]) => ({ path, types: target.types ?? target.import?.types }))
      .filter(({ types }) => types !== undefined)
      .map(({ path, types }) => ({
        name: `${directory}${path.slice(1)}`.replace('libs/', '').replaceAll('/', '-'),
        directory: join(root, directory),
        types: join(root, directory, types),
      }));
  });
}
