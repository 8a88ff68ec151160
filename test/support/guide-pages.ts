import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type GuideBlock, GuidePage } from './guide-page.js';
import { TypescriptBlocks } from './typescript-block.js';

const root = join(import.meta.dirname, '..', '..');

/** Every page below `docs`. */
export const guidePages = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.md'))
  .map((name) => new GuidePage(join('docs', name), join(root, 'docs', name)));

/** Compiles the programs of pages together, each under the name that {@link programOf} tells. */
export function compilePrograms(pages: readonly GuidePage[]): TypescriptBlocks {
  const programs = pages.flatMap((page) =>
    page.blocks
      .filter(({ language, marks }) => language === 'ts' && !marks.includes('not ours'))
      .map((block) => [programOf(page, block), block.text]),
  );
  return TypescriptBlocks.compile(Object.fromEntries(programs) as Record<string, string>);
}

/** The file of a program among those of all pages. */
export function programOf(page: GuidePage, { fileName, line }: GuideBlock): string {
  return join(page.path, fileName ?? `line-${line}.ts`);
}
