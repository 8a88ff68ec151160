import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { headingAnchor } from '../../scripts/docs/heading-anchor.mjs';

/** Links of a page that lead to no file, or to no heading of one. */
export function brokenLinks(file: string): string[] {
  return targetsOf(readFileSync(file, 'utf8'))
    .filter((target) => !isAbsolute(target))
    .filter((target) => {
      const [path = '', anchor] = target.split('#');
      const found = path === '' ? file : join(dirname(file), path);
      return !existsSync(found) || (anchor !== undefined && !anchorsOf(found).has(anchor));
    });
}

/** Links of a page to other sites that no browser would follow, or that are not protected on their way. */
export function malformedLinks(markdown: string): string[] {
  return targetsOf(markdown)
    .filter((target) => isAbsolute(target))
    .filter((target) => !/^(?:https:\/\/|http:\/\/localhost[:/])/.test(target) || !URL.canParse(target));
}

function targetsOf(markdown: string): string[] {
  return [...prose(markdown).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
}

function isAbsolute(target: string): boolean {
  return /^[a-z]+:/.test(target);
}

/** The names under which the headings of a page can be linked. */
function anchorsOf(file: string): Set<string> {
  const anchors = new Set<string>();
  if (statSync(file).isDirectory()) return anchors;
  for (const [, heading = ''] of prose(readFileSync(file, 'utf8')).matchAll(/^#{1,6} (.+)$/gm)) {
    const name = headingAnchor(heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1'));
    const count = [...anchors].filter((known) => known === name || known.startsWith(`${name}-`)).length;
    anchors.add(anchors.has(name) ? `${name}-${count}` : name);
  }
  return anchors;
}

/** A page without its code. */
function prose(markdown: string): string {
  return markdown.replaceAll(/^```.*?^```$/gms, '');
}
