import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { apiEntries } from './api-entries.mjs';
import { content } from './stage.mjs';

/** The navigation of the API reference: the entries of the packages, and what each exports, by name. */
export function apiSidebar() {
  const items = Object.keys(apiEntries).map((entry) => ({
    text: entry,
    link: `/api/${entry}/`,
    collapsed: true,
    items: exportsOf(entry),
  }));
  return { text: 'API reference', link: '/api/', collapsed: false, items };
}

function exportsOf(entry) {
  const folder = join(content, 'api', entry);
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md') && !name.endsWith('index.md'))
    .filter((name) => !Object.keys(apiEntries).some((other) => isBelow(`${entry}/${name}`, other, entry)));
  const pages = names.map((name) => name.replace(/\.md$/, ''));
  return pages
    .map((page) => ({ text: page.split('/').at(-1), link: `/api/${entry}/${page}` }))
    .toSorted((a, b) => a.text.localeCompare(b.text, 'en'));
}

/** Whether a page belongs to an entry that is below this one: `@nmp/auth/testing`. */
function isBelow(page, other, entry) {
  return other !== entry && other.startsWith(`${entry}/`) && page.startsWith(`${other}/`);
}
