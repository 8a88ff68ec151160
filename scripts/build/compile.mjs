import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { root } from '../process/root.mjs';
import { runNode } from '../process/run-node.mjs';
import { bundle } from './bundle.mjs';

const stamp = '.build-hash';

/** Folders under `dist` whose files are CommonJS, in packages that are not. */
const commonJs = ['cjs', 'schematics'];

/** Says whether `dist` was built from what the fingerprint stands for. */
export function isBuilt(entry, fingerprint) {
  const file = join(distOf(entry), stamp);
  return existsSync(file) && readFileSync(file, 'utf8') === fingerprint;
}

/**
 * Compiles a package into a fresh folder and puts that in the place of `dist`, so that no stale file survives and a
 * failed build leaves the old one alone.
 *
 * @param {import('./packages.mjs').Package} entry
 * @param {string} fingerprint left in `dist` for the next time
 * @param {ReturnType<typeof import('./slots.mjs').slots>} inSlot
 * @throws {Error} with the compiler's output
 */
export async function compile(entry, fingerprint, inSlot) {
  const cache = join(root, 'node_modules', '.cache', 'nmp-build');
  mkdirSync(cache, { recursive: true });
  const output = mkdtempSync(join(cache, 'dist-'));
  chmodSync(output, 0o755); // who runs what is built need not be who builds it
  try {
    await Promise.all(
      Object.entries(entry.compilations).map(([tsconfig, folder]) =>
        inSlot(() => runCompiler(join(root, entry.directory, tsconfig), join(output, folder))),
      ),
    );
    if (entry.bundle) await bundle(entry, output);
    for (const folder of commonJs.filter((name) => existsSync(join(output, name)))) {
      writeFileSync(join(output, folder, 'package.json'), '{"type":"commonjs"}\n');
    }
    for (const asset of entry.assets ?? []) copyAsset(entry, asset, output);
    for (const page of entry.pages ?? []) writeFileSync(join(output, page), pageByItself(page));
    writeFileSync(join(output, stamp), fingerprint);
    replace(distOf(entry), output);
  } finally {
    rmSync(output, { recursive: true, force: true });
  }
}

async function runCompiler(tsconfig, output) {
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const result = await runNode([compiler, '-p', tsconfig, '--outDir', output], { capture: true });
  if (result.code !== 0) throw new Error(result.output.trim());
}

function copyAsset(entry, asset, output) {
  const source = join(root, entry.directory, 'src', asset);
  if (existsSync(source)) cpSync(source, join(output, asset), { recursive: true });
}

/** A page of `docs` without links to others, which do not go with it. */
function pageByItself(page) {
  return readFileSync(join(root, 'docs', page), 'utf8').replaceAll(/\[([^\]]+)\]\((?!#|https:)[^)]+\)/g, '$1');
}

/** Puts what was built in the place of `dist` as a whole, also while another build of the same package does the same. */
function replace(dist, output) {
  for (;;) {
    setAside(dist, `${output}-old`);
    try {
      renameSync(output, dist);
      return;
    } catch (error) {
      // The other build was quicker: this one is at least as new.
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    }
  }
}

function setAside(dist, old) {
  try {
    renameSync(dist, old);
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
  rmSync(old, { recursive: true, force: true });
}

function distOf(entry) {
  return join(root, entry.directory, 'dist');
}
