import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildGoProgram } from '../process/go-program.mjs';
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
  const problem = await buildGoProgram(target, {
    name: 'Dex',
    module: modulePath,
    version: dexVersion,
    moduleSum,
    build: (go, directory) => {
      writeFileSync(join(directory, 'go.mod'), goMod);
      return go('build', '-trimpath', '-o', 'dex', `${modulePath}/cmd/dex`);
    },
  });
  return problem === undefined ? { dex: target } : { problem };
}
