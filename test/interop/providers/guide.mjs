import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../../scripts/process/root.mjs';

/**
 * The code blocks of a provider's page: the suite runs what a reader is told to do.
 *
 * @param {string} name of the page in `docs/providers`
 * @param {(text: string) => string} adapted makes a block fit this machine
 * @returns {(language: string) => string[]} the blocks of one language, in their order
 */
export function guideBlocks(name, adapted) {
  const page = readFileSync(join(root, 'docs', 'providers', `${name}.md`), 'utf8');
  const blocks = [...page.matchAll(/^```(\w+)\n(.*?)^```$/gms)];
  return (language) => blocks.filter((block) => block[1] === language).map((block) => adapted(block[2]));
}
