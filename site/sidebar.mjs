import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { root } from '../scripts/process/root.mjs';
import { pages } from './pages.mjs';

const index = 'docs/README.md';

/**
 * The navigation of the site: the sections of the index of the guides. Of each item of its lists the links before the
 * first colon are entries.
 *
 * @returns {{ text: string, collapsed: boolean, items: { text: string, link: string }[] }[]}
 * @throws {Error} when a page of the site is in none of them
 */
export function guideSidebar() {
  const [, ...sections] = readFileSync(join(root, index), 'utf8').split(/^## /m);
  const groups = sections.map((section) => {
    const [text = '', ...lines] = section.split('\n');
    const items = lines
      .join('\n')
      .split(/^(?:-|\d+\.) /m)
      .slice(1);
    return { text, collapsed: false, items: items.flatMap((item) => entriesOf(item)) };
  });
  const named = new Set(groups.flatMap(({ items }) => items.map(({ link }) => link.replace(/#.*/, ''))));
  const missing = [...pages].filter(([path, page]) => path !== index && !named.has(`/${page}`));
  if (missing.length > 0) throw new Error(`${index} has no item for ${missing.map(([path]) => path).join(', ')}`);
  return groups;
}

function entriesOf(item) {
  const [head = ''] = item.replaceAll('\n', ' ').split(/:(?= |$)/);
  return [...head.matchAll(/\[([^\]]+)\]\(([^)\s]+)\)/g)].flatMap(([, text, target]) => {
    const [path, anchor = ''] = target.split(/(?=#)/);
    const page = pages.get(posix.join(posix.dirname(index), path));
    return page === undefined
      ? []
      : [{ text: text.replaceAll('`', '').replaceAll(/\s+/g, ' '), link: `/${page}${anchor}` }];
  });
}
