import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { root } from '../process/root.mjs';

/**
 * A fingerprint of everything a package's build depends on: its sources, its and the root's compiler settings, the
 * compiler, this build itself, and the fingerprints of the packages it needs.
 *
 * @param {import('./packages.mjs').Package} entry
 * @param {readonly string[]} upstream fingerprints
 */
export function sourceHash(entry, upstream) {
  const directory = join(root, entry.directory);
  const files = [
    ...sources(join(directory, 'src')),
    join(directory, 'package.json'),
    ...Object.keys(entry.compilations).map((tsconfig) => join(directory, tsconfig)),
    join(root, 'tsconfig.json'),
    join(root, 'node_modules', 'typescript', 'package.json'),
    ...(entry.pages ?? []).map((page) => join(root, 'docs', page)),
    ...(entry.bundle ? [join(root, 'package-lock.json')] : []), // it holds parts of other packages
    join(root, 'scripts', 'build.mjs'),
    ...sources(import.meta.dirname),
  ];
  const hash = createHash('sha256');
  for (const file of files)
    hash
      .update(`${portable(file)}\0`)
      .update(readFileSync(file))
      .update('\0');
  for (const fingerprint of upstream) hash.update(fingerprint);
  return hash.digest('hex');
}

/** All files of a folder in a stable order; specs are no part of a build. */
function sources(directory) {
  if (!existsSync(directory)) return [];
  return readdirSync(directory, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.spec.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function portable(file) {
  return relative(root, file).split(sep).join('/');
}
