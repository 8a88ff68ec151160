import { copyFileSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { runCommand } from './run-command.mjs';

/**
 * Builds a program of pinned Go sources in a throw-away directory and puts it into a cache.
 *
 * @param {string} target where it is put; its last part is what the build calls it
 * @param {{
 *   name: string, module: string, version: string, moduleSum: string,
 *   build: (go: (...args: string[]) => ReturnType<typeof runCommand>, directory: string) => ReturnType<typeof runCommand>,
 * }} sources `build` leaves the program in the directory, by `go build -o` or `go install`; `moduleSum` as in a `go.sum`
 * @returns {Promise<string | undefined>} why it cannot be had
 */
export async function buildGoProgram(target, { name, module, version, moduleSum, build }) {
  const directory = mkdtempSync(join(tmpdir(), 'nmp-go-'));
  const built = join(directory, target.slice(dirname(target).length + 1));
  // No compiler for C, no toolchain but the one that is there, no settings of a module around it.
  const env = { ...process.env, GOBIN: directory, GOFLAGS: '-mod=mod', GOTOOLCHAIN: 'local', CGO_ENABLED: '0' };
  const go = (...args) => runCommand('go', args, { cwd: directory, env, capture: true });
  try {
    console.error(`Building ${name} ${version}; this takes some minutes, once`);
    const { code, output } = await build(go, directory);
    if (code !== 0) return `it does not build: ${output.trim().split('\n').at(-1)}`;
    const { output: sources } = await go('version', '-m', built);
    if (!sources.includes(`${module}\t${version}\t${moduleSum}`)) {
      return 'the module proxy gave other sources than the pinned ones';
    }
    mkdirSync(dirname(target), { recursive: true });
    moveInto(built, target);
    return undefined;
  } catch (error) {
    if (error.code === 'ENOENT') return 'it is built by Go, which is not installed';
    throw error;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** The system's folder for what is temporary may be on another disk than the caches: then a copy is renamed. */
function moveInto(source, target) {
  const own = `${target}.${process.pid}`;
  copyFileSync(source, own);
  renameSync(own, target);
}
