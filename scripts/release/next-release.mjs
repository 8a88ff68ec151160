import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../process/root.mjs';
import { runNode } from '../process/run-node.mjs';
import { succeed } from '../process/succeed.mjs';
import { git } from './git.mjs';

/**
 * @typedef {object} Release
 * @property {string} version
 * @property {string | undefined} previous its tag; the first release has none
 * @property {string} date
 * @property {string} changes what the commits since then say, for the changelog; nothing for the first release
 */

/**
 * Finds out which version comes next. The first release is the version that package.json has already, and needs no list of
 * what changed: there was nothing before it.
 *
 * @param {string} directory of a git repository
 * @param {{ as?: string, today: string }} options `as` says the version, or `major`, `minor` or `patch`, instead of the commits
 * @returns {Promise<Release | undefined>} nothing when no commit since the last release asks for another
 */
export async function nextRelease(directory, { as, today }) {
  const tags = await git(directory, 'tag', '--list', 'v[0-9]*', '--merged', 'HEAD', '--sort', '-version:refname');
  const [previous] = tags.trim().split('\n');
  const { version: present } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
  if (!previous) return { version: present, previous: undefined, date: today, changes: '' };

  const section = await sectionOfCommits(directory, as);
  const heading = /^## \[(?<version>[^\]]+)\] - .*\n/m.exec(section);
  if (heading === null) return undefined;
  const changes = section.slice(heading.index + heading[0].length).trim();
  return { version: heading.groups.version, previous, date: today, changes };
}

async function sectionOfCommits(directory, as) {
  const own = mkdtempSync(join(tmpdir(), 'nmp-release-'));
  const file = join(own, 'changes.md');
  writeFileSync(file, '');
  try {
    const tool = join(root, 'node_modules', 'commit-and-tag-version', 'bin', 'cli.js');
    const settings = join(import.meta.dirname, 'commit-and-tag-version.cjs');
    const wish = as === undefined ? [] : ['--release-as', as];
    await succeed(runNode([tool, '--config', settings, '--infile', file, ...wish], { cwd: directory, capture: true }));
    return readFileSync(file, 'utf8');
  } finally {
    rmSync(own, { recursive: true });
  }
}
