import { copyFileSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { runCommand } from '../process/run-command.mjs';
import { userCache } from '../process/user-cache.mjs';

const modulePath = 'github.com/dexidp/dex';
const commit = '20260806151424-ab64ed778070';
const moduleSum = 'h1:Zhb4XyHQ8935RToX2ZgxyfQcg8EE9gSnbk2Zi5PYf4E=';

/** The state of Dex that the suite runs: the module proxy has its releases under no other name. */
export const dexVersion = `v0.0.0-${commit}`;

// Dex replaces a module by a folder of its own, which go install refuses: here the same module of the same commit is
// asked for instead.
const goMod = `module example.com/dex

go 1.25

require (
	${modulePath} ${dexVersion}
	${modulePath}/api/v2 v2.4.1-0.${commit}
)
`;

/**
 * The program `dex`: the one that `NMP_DEX_BINARY` names, or one built from the module's sources, once, and kept beside
 * the caches of the user. Nothing but the Go module proxy is asked.
 *
 * @returns {Promise<{ dex: string } | { problem: string }>} where it is, or why it cannot be had
 */
export async function findDex() {
  const given = process.env.NMP_DEX_BINARY;
  if (given) return existsSync(given) ? { dex: given } : { problem: `${given} does not exist` };
  const dex = join(userCache(`dex-${dexVersion}-${process.platform}-${process.arch}`), 'dex');
  return existsSync(dex) ? { dex } : build(dex);
}

async function build(target) {
  const directory = mkdtempSync(join(tmpdir(), 'nmp-dex-'));
  // No compiler for C, no toolchain but the one that is there, no settings of a module around it.
  const env = { ...process.env, GOFLAGS: '-mod=mod', GOTOOLCHAIN: 'local', CGO_ENABLED: '0' };
  const go = (...args) => runCommand('go', args, { cwd: directory, env, capture: true });
  try {
    console.error(`Building Dex ${dexVersion}; this takes some minutes, once`);
    writeFileSync(join(directory, 'go.mod'), goMod);
    const built = await go('build', '-trimpath', '-o', 'dex', `${modulePath}/cmd/dex`);
    if (built.code !== 0) return { problem: `it does not build: ${built.output.trim().split('\n').at(-1)}` };
    const { output } = await go('version', '-m', 'dex');
    if (!output.includes(`${modulePath}\t${dexVersion}\t${moduleSum}`)) {
      return { problem: 'the module proxy gave other sources than the pinned ones' };
    }
    mkdirSync(dirname(target), { recursive: true });
    // What is temporary may be on another disk than the caches: a copy is renamed.
    const own = `${target}.${process.pid}`;
    copyFileSync(join(directory, 'dex'), own);
    renameSync(own, target);
    return { dex: target };
  } catch (error) {
    if (error.code === 'ENOENT') return { problem: 'it is built by Go, which is not installed' };
    throw error;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
