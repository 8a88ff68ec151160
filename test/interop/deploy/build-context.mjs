import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The files of a folder that an image may be built from: what `.dockerignore` leaves of them.
 *
 * @param {string} folder
 * @returns {string[]} paths below it
 */
export function buildContext(folder) {
  const rules = rulesOf(readFileSync(join(folder, '.dockerignore'), 'utf8'));
  return filesOf(folder, '', rules);
}

/** The last rule that fits a path, or a folder above it, counts. */
function isIgnored(path, rules) {
  const parts = path.split('/');
  const paths = parts.map((_, at) => parts.slice(0, at + 1).join('/'));
  const rule = rules.findLast(({ pattern }) => paths.some((each) => pattern.test(each)));
  return rule !== undefined && !rule.isException;
}

function filesOf(folder, below, rules) {
  return readdirSync(join(folder, below), { withFileTypes: true }).flatMap((entry) => {
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    if (!entry.isDirectory()) return isIgnored(path, rules) ? [] : [path];
    // Something in an ignored folder may be an exception.
    const isLookedAt =
      !isIgnored(path, rules) || rules.some(({ isException, text }) => isException && text.startsWith(`${path}/`));
    return isLookedAt ? filesOf(folder, path, rules) : [];
  });
}

function rulesOf(text) {
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#'));
  return lines.map((line) => {
    const isException = line.startsWith('!');
    const glob = isException ? line.slice(1) : line;
    return { isException, text: glob, pattern: patternOf(glob) };
  });
}

function patternOf(glob) {
  const source = glob
    .replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll('**/', '\u0000')
    .replaceAll('*', '[^/]*')
    .replaceAll('\u0000', '(?:.*/)?');
  return new RegExp(`^${source}$`);
}
