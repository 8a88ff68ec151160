import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildGoProgram } from '../../../scripts/process/go-program.mjs';
import { userCache } from '../../../scripts/process/user-cache.mjs';

const sources = join(import.meta.dirname, 'manifests');
const files = ['go.mod', 'go.sum', 'main.go'];
const version = 'v1.34.2';

/**
 * The program that builds kustomizations and judges them by the API server's own code: built once, of the sources beside
 * this file and of what their `go.sum` names, and kept with the caches of the user.
 *
 * @returns {Promise<{ check: string } | { problem: string }>}
 */
export async function findManifestCheck() {
  const check = join(
    userCache(`manifest-check-${hashOfSources()}-${process.platform}-${process.arch}`),
    'manifest-check',
  );
  return existsSync(check) ? { check } : build(check);
}

async function build(target) {
  const problem = await buildGoProgram(target, {
    name: 'the rules of Kubernetes',
    module: 'k8s.io/kubernetes',
    version,
    moduleSum: sumOf('k8s.io/kubernetes'),
    build: (go, directory) => {
      for (const file of files) copyFileSync(join(sources, file), join(directory, file));
      return go('build', '-mod=readonly', '-trimpath', '-o', 'manifest-check', '.');
    },
  });
  return problem === undefined ? { check: target } : { problem };
}

function sumOf(module) {
  const lines = readFileSync(join(sources, 'go.sum'), 'utf8').split('\n');
  return lines.find((line) => line.startsWith(`${module} ${version} h1:`))?.split(' ')[2];
}

function hashOfSources() {
  const hash = createHash('sha256');
  for (const file of files) hash.update(readFileSync(join(sources, file)));
  return hash.digest('hex').slice(0, 16);
}
