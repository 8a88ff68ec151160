import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Links of a page that lead to no file, or to no heading of one. */
export function brokenLinks(file: string): string[] {
  const targets = [...prose(readFileSync(file, 'utf8')).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
  return targets
    .filter((target) => !/^[a-z]+:/.test(target))
    .filter((target) => {
      const [path = '', anchor] = target.split('#');
      const found = path === '' ? file : join(dirname(file), path);
      return !existsSync(found) || (anchor !== undefined && !anchorsOf(found).has(anchor));
    });
}

/** The names under which the headings of a page can be linked. */
function anchorsOf(file: string): Set<string> {
  const anchors = new Set<string>();
  if (statSync(file).isDirectory()) return anchors;
  for (const [, heading = ''] of prose(readFileSync(file, 'utf8')).matchAll(/^#{1,6} (.+)$/gm)) {
    const name = anchorOf(heading);
    const count = [...anchors].filter((known) => known === name || known.startsWith(`${name}-`)).length;
    anchors.add(anchors.has(name) ? `${name}-${count}` : name);
  }
  return anchors;
}

function anchorOf(heading: string): string {
  const text = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1');
  return text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .trim()
    .replaceAll(' ', '-');
}

/** A page without its code. */
function prose(markdown: string): string {
  return markdown.replaceAll(/^```.*?^```$/gms, '');
}
