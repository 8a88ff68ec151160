const heading = '## [Unreleased]\n';

/**
 * The notes that people wrote for the version that comes next.
 *
 * @param {string} changelog
 * @throws {Error} when there is no place for them
 */
function unreleasedNotes(changelog) {
  const [start, end] = placeOfNotes(changelog);
  return changelog.slice(start, end).trim();
}

/**
 * Makes the notes those of a release, above what its commits say, and an empty place for the next ones.
 *
 * @param {string} changelog
 * @param {{ version: string, date: string, changes: string }} release
 * @returns {string} the new changelog
 */
export function withRelease(changelog, { version, date, changes }) {
  const [start, end] = placeOfNotes(changelog);
  const parts = [`## [${version}] - ${date}`, unreleasedNotes(changelog), changes, changelog.slice(end).trim()];
  return `${changelog.slice(0, start)}\n${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function placeOfNotes(changelog) {
  const at = changelog.indexOf(heading);
  if (at === -1) throw new Error(`CHANGELOG.md has no "${heading.trim()}"`);
  const start = at + heading.length;
  const next = changelog.indexOf('\n## [', start);
  return [start, next === -1 ? changelog.length : next + 1];
}
