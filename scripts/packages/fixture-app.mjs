import { cpSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../process/root.mjs';
import { runNpm } from '../process/run-npm.mjs';
import { succeed } from '../process/succeed.mjs';

/**
 * Makes a stranger's project outside the repository from a fixture, and installs the packed packages into it. Files
 * called `x.fixture.y` are `x.y` there: under their real names they would be read by our own tools.
 *
 * @param {{ fixture: string, sources?: string }} app folders of `test/packages`: the project, and what is in its `src`
 * @param {string} parent
 * @param {readonly { name: string, tarball: string }[]} packed
 * @returns {Promise<{ directory: string, output: string }>} the folder of the project, and what npm said
 */
export async function fixtureApp({ fixture, sources }, parent, packed) {
  const directory = join(parent, fixture);
  mkdirSync(directory);
  if (sources) cpSync(join(root, 'test', 'packages', sources), join(directory, 'src'), { recursive: true });
  cpSync(join(root, 'test', 'packages', fixture), directory, { recursive: true });
  for (const file of readdirSync(directory, { recursive: true })) {
    if (file.includes('.fixture.')) renameSync(join(directory, file), join(directory, file.replace('.fixture.', '.')));
  }
  const manifestFile = join(directory, 'package.json');
  const manifest = JSON.parse(readFileSync(manifestFile, 'utf8'));
  for (const { name, tarball } of packed) manifest.dependencies[name] = `file:${tarball}`;
  writeFileSync(manifestFile, JSON.stringify(manifest, undefined, 2));

  const args = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'];
  return { directory, output: await succeed(runNpm(args, { cwd: directory, capture: true })) };
}
