import { cpSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { publint } from '../packages/check-tarball.mjs';
import { pack } from '../packages/pack.mjs';
import { published } from '../packages/published.mjs';
import { root } from '../process/root.mjs';

/** What is in the folder of a package and never in the package. */
const left = new Set(['src', 'test', 'node_modules']);

/**
 * Packs all packages as they are with another version, from copies, and has publint look at each.
 *
 * @param {ReadonlyMap<string, string>} files the texts that the version changes, by their paths
 * @param {string} destination folder for the tarballs, made anew
 * @returns {Promise<{ name: string, tarball: string, bytes: number }[]>} in the order in which they are published
 * @throws {Error} when one is not as it must be
 */
export async function packedRelease(files, destination) {
  const own = mkdtempSync(join(tmpdir(), 'nmp-release-'));
  rmSync(destination, { recursive: true, force: true });
  mkdirSync(destination, { recursive: true });
  const packed = [];
  try {
    for (const { directory } of published) {
      const copy = join(own, basename(directory));
      cpSync(join(root, directory), copy, { recursive: true, filter: (path) => !left.has(basename(path)) });
      const manifest = files.get(`${directory}/package.json`);
      if (manifest !== undefined) writeFileSync(join(copy, 'package.json'), manifest);
      const { name, tarball } = await pack(copy, destination);
      await publint(tarball);
      packed.push({ name, tarball, bytes: statSync(tarball).size });
    }
  } finally {
    rmSync(own, { recursive: true });
  }
  return packed;
}
