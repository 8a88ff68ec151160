import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { codeBlocks } from './markdown-blocks.js';

export const readme = readFileSync(join(import.meta.dirname, '..', '..', 'README.md'), 'utf8');

/** The first block of a language. */
export function readmeBlock(language: string): string {
  return codeBlocks(readme).find((block) => block.language === language)?.text ?? '';
}
