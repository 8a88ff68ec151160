import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { root } from '../scripts/process/root.mjs';
import { withLinks } from './links.mjs';
import { pages } from './pages.mjs';
import { sourcePage } from './source-page.mjs';

/** What VitePress makes the site of. */
export const content = join(import.meta.dirname, '.content');

/** Files that are no text to read: they are copied, and linked as they are. */
const copied = new Set(['.svg', '.png']);
const longest = 60_000;

/**
 * Gathers the pages of the repository, with links that lead to each other on the site. What they speak of beside – a test,
 * an example of settings – gets a page of its own, so that the site needs no repository to link to.
 */
export function stagePages() {
  rmSync(content, { recursive: true, force: true });
  const sources = new Set();
  for (const [path, page] of pages) {
    const markdown = readFileSync(join(root, path), 'utf8');
    write(
      page,
      withLinks(markdown, path, (target, anchor) => targetOf(path, target, anchor, sources)),
    );
  }
  for (const path of sources) write(`source/${path}.md`, sourcePage(path));
}

function targetOf(from, path, anchor, sources) {
  const page = pages.get(path) ?? pages.get(`${path}/README.md`);
  if (page !== undefined) return `/${page}${anchor}`;
  const file = join(root, path);
  if (!existsSync(file)) throw new Error(`${from} links to ${path}, which does not exist`);
  if (copied.has(extname(path)) || statSync(file).size > longest) return copy(path);
  sources.add(path);
  return `/source/${path}.md${anchor}`;
}

function copy(path) {
  const target = join(content, 'public', path);
  mkdirSync(dirname(target), { recursive: true });
  cpSync(join(root, path), target);
  return `/${path}`;
}

function write(page, text) {
  const file = join(content, page);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
