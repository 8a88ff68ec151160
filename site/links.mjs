import { posix } from 'node:path';

/** Code between fences, code in a line, or the target of a link or picture: only the last is of interest. */
const codeOrLink = /^```.*?^```$|(`+)(?!`).*?\1|(?<=\]\()[^)\s]+(?=\))/gms;

/**
 * Replaces the targets of a page's links that are in the repository; code is left as it is.
 *
 * @param {string} markdown
 * @param {string} file the page, from the root of the repository
 * @param {(path: string, anchor: string) => string} targetOf the new target of a file of the repository; the anchor is empty
 *   or begins with `#`
 */
export function withLinks(markdown, file, targetOf) {
  return markdown.replaceAll(codeOrLink, (found) => {
    if (found.startsWith('`') || /^[a-z]+:|^#/.test(found)) return found;
    const [path, anchor] = found.split(/(?=#)/);
    return targetOf(posix.join(posix.dirname(file), path).replace(/\/$/, ''), anchor ?? '');
  });
}
