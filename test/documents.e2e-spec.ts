import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { codeBlocks, localLinks } from './support/markdown-blocks.js';
import { TypescriptBlocks } from './support/typescript-block.js';

const root = join(import.meta.dirname, '..');
const documents = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md'];
// A missing page is a dead link of README.md.
const packagePages = readdirSync(join(root, 'libs'))
  .map((name) => `libs/${name}/README.md`)
  .filter((page) => existsSync(join(root, page)));

describe('the pages of the packages', () => {
  const blocks = packagePages.flatMap((page) =>
    codeBlocks(readFileSync(join(root, page), 'utf8'))
      .filter(({ language }) => language === 'ts')
      .map(({ line, text }) => ({ page, line, text, file: `${dirname(page)}/line-${line}.ts` })),
  );
  let compiled: TypescriptBlocks;

  beforeAll(() => {
    compiled = TypescriptBlocks.compile(Object.fromEntries(blocks.map(({ file, text }) => [file, text])));
  });

  afterAll(() => compiled.remove());

  it.each(blocks)('$page has code at line $line that compiles', ({ file }) => {
    expect(compiled.problemsOf(file)).toEqual([]);
  });
});

describe('links', () => {
  it.each([...documents, ...packagePages])('of %s lead somewhere', (page) => {
    const missing = localLinks(readFileSync(join(root, page), 'utf8')).filter(
      (target) => !existsSync(join(root, dirname(page), target)),
    );
    expect(missing).toEqual([]);
  });
});
