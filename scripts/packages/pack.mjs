import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { packages } from '../build/packages.mjs';
import { root } from '../process/root.mjs';
import { runNpm } from '../process/run-npm.mjs';
import { succeed } from '../process/succeed.mjs';

/**
 * Packs a package the way it would be published, and looks at what is in it.
 *
 * @param {string} directory such as `libs/tokens`, or a copy of one elsewhere
 * @param {string} destination folder for the tarball
 * @returns {Promise<{ name: string, tarball: string }>}
 * @throws {Error} when a file is missing from the package, or one is in it that should not be
 */
export async function pack(directory, destination) {
  const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', destination];
  const output = await succeed(runNpm(args, { cwd: resolve(root, directory), capture: true }));
  const listed = JSON.parse(output.slice(output.search(/^[[{]/m)));
  const [packed] = Array.isArray(listed) ? listed : Object.values(listed);

  const files = packed.files.map(({ path }) => path);
  const wanted = ['package.json', 'LICENSE', 'README.md', ...entryFiles(directory), ...pagesOf(packed.name)];
  const missing = wanted.filter((file) => !files.includes(file));
  if (missing.length > 0) throw new Error(`missing from the package: ${missing.join(', ')}`);
  const strange = files.filter((file) => /\.spec\.|(?:^|\/)(?:src|test)\/|\.build-hash$/.test(file));
  if (strange.length > 0) throw new Error(`not for the package: ${strange.join(', ')}`);
  return { name: packed.name, tarball: join(destination, packed.filename) };
}

/** Every file that the `exports` and `bin` maps promise, the source condition excepted: it is for the workspace only. */
function entryFiles(directory) {
  const manifest = JSON.parse(readFileSync(resolve(root, directory, 'package.json'), 'utf8'));
  const paths = (value) => {
    if (typeof value === 'string') return [value];
    return Object.entries(value ?? {}).flatMap(([key, inner]) => (key === 'nmp-source' ? [] : paths(inner)));
  };
  return [...paths(manifest.exports), ...paths(manifest.bin)].map((path) => path.replace(/^\.\//, ''));
}

/** The pages of `docs` that go with a package. */
function pagesOf(name) {
  const { pages = [] } = packages.find((entry) => entry.name === name) ?? {};
  return pages.map((page) => `dist/${page}`);
}
