import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { apiEntries } from './api-entries.mjs';
import { content } from './stage.mjs';

/** The pages of the entries, for the navigation of the guides. */
export function apiGroup() {
  const items = Object.keys(apiEntries).map((entry) => ({ text: entry, link: `/api/${entry}/` }));
  return { text: 'API reference', link: '/api/', collapsed: false, items };
}

/** The navigation of each entry, by where it holds: what it exports, by name. */
export function apiSidebars() {
  const groups = [{ text: 'Guides', link: '/guides' }, apiGroup()];
  const sidebars = Object.keys(apiEntries).map((entry) => [
    `/api/${entry}/`,
    [...groups, { text: entry, items: exportsOf(entry) }],
  ]);
  return Object.fromEntries(sidebars);
}

function exportsOf(entry) {
  const folder = join(content, 'api', entry);
  const others = Object.keys(apiEntries).filter((other) => other.startsWith(`${entry}/`));
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md') && !name.endsWith('index.md'))
    .map((name) => `${entry}/${name.replace(/\.md$/, '')}`)
    .filter((page) => !others.some((other) => page.startsWith(`${other}/`)))
    .map((page) => ({ text: page.split('/').at(-1), link: `/api/${page}` }))
    .toSorted((a, b) => a.text.localeCompare(b.text, 'en'));
}
