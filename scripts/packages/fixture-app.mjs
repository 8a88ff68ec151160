import { cpSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { root } from '../process/root.mjs';
import { runNpm } from '../process/run-npm.mjs';
import { succeed } from '../process/succeed.mjs';

/**
 * Makes a stranger's project outside the repository from a fixture, and installs the packed packages into it. Files
 * called `x.fixture.y` are `x.y` there: under their real names they would be read by our own tools.
 *
 * @param {string} fixture folder of `test/packages`
 * @param {string} parent
 * @param {readonly { name: string, tarball: string }[]} packed
 * @returns {Promise<string>} the folder of the project
 */
export async function fixtureApp(fixture, parent, packed) {
  const directory = join(parent, basename(fixture));
  mkdirSync(directory);
  cpSync(join(root, 'test', 'packages', 'app'), join(directory, 'src'), { recursive: true });
  cpSync(join(root, 'test', 'packages', fixture), directory, { recursive: true });
  for (const file of readdirSync(directory)) {
    if (file.includes('.fixture.')) renameSync(join(directory, file), join(directory, file.replace('.fixture.', '.')));
  }
  const manifestFile = join(directory, 'package.json');
  const manifest = JSON.parse(readFileSync(manifestFile, 'utf8'));
  for (const { name, tarball } of packed) manifest.dependencies[name] = `file:${tarball}`;
  writeFileSync(manifestFile, JSON.stringify(manifest, undefined, 2));

  const args = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'];
  await succeed(runNpm(args, { cwd: directory, capture: true }));
  return directory;
}
