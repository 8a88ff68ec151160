import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { withRelease } from './changelog.mjs';
import { git } from './git.mjs';
import { nextRelease } from './next-release.mjs';
import { versionFiles } from './version-files.mjs';

/**
 * Makes a release of a repository: the version everywhere, the changelog, a commit and a tag. Nothing is written before the
 * packages have been packed and found right.
 *
 * @param {string} directory of the repository
 * @param {object} options
 * @param {string} [options.as] the version, or `major`, `minor` or `patch`, where the commits are not to say it
 * @param {boolean} [options.dryRun] only says what would happen
 * @param {(files: ReadonlyMap<string, string>) => Promise<{ name: string, tarball: string, bytes: number }[]>} options.packAll
 *   packs all packages with the files that the version changes
 * @param {string} options.today such as `2030-01-31`
 * @param {(line: string) => void} options.say
 * @throws {Error} when the working tree has changes, or no commit asks for a release
 */
export async function makeRelease(directory, { as, dryRun = false, packAll, today, say }) {
  const isClean = (await git(directory, 'status', '--porcelain')).trim() === '';
  if (!isClean && !dryRun) throw new Error('the working tree has changes: commit them, or put them away');
  if (!isClean) say('The working tree has changes: a release refuses that, and this counts committed ones alone.\n');

  const release = await nextRelease(directory, { as, today });
  if (release === undefined) throw new Error('no commit since the last release asks for another');
  const { version, previous } = release;
  say(previous === undefined ? `Version ${version}, the first release` : `Version ${version}, after ${previous}`);

  const changelog = join(directory, 'CHANGELOG.md');
  const text = await formatted(changelog, withRelease(readFileSync(changelog, 'utf8'), release));
  const files = versionFiles(directory, version);
  const packed = await packAll(files);
  files.set('CHANGELOG.md', text);

  say(`\nFiles that change:\n${[...files.keys()].map((path) => `  ${path}`).join('\n')}`);
  say(`\nTo be published, in this order; publint is content with each:`);
  for (const { name, tarball, bytes } of packed) say(`  ${name}@${version}  ${kilobytes(bytes)}  ${tarball}`);
  say(`\n${sectionOf(text)}`);
  if (dryRun) return say(`This was a dry run: nothing is changed, committed or tagged.`);

  for (const [path, content] of files) writeFileSync(join(directory, path), content);
  await git(directory, 'add', '--', ...files.keys());
  await git(directory, 'commit', '--quiet', '--message', `chore(release): ${version}`);
  await git(directory, 'tag', '--annotate', `v${version}`, '--message', `Version ${version}`);
  say(`Committed, and tagged v${version}. To publish it:\n`);
  say(['git push --follow-tags', ...packed.map(({ tarball }) => `npm publish ${tarball}`)].join('\n'));
}

async function formatted(file, text) {
  return format(text, { ...(await resolveConfig(file)), filepath: file });
}

function kilobytes(bytes) {
  return `${Math.ceil(bytes / 1024)} KiB`.padStart(9);
}

/** The newest release, as the changelog has it. */
function sectionOf(changelog) {
  const [, , section = ''] = changelog.split(/^(?=## \[)/m);
  return section;
}
