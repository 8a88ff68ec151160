import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { commandProblems } from './support/guide-commands.js';
import { brokenLinks, malformedLinks } from './support/guide-links.js';
import { readYamlBlock } from './support/guide-settings.js';
import { codeBlocks } from './support/markdown-blocks.js';
import { TypescriptBlocks } from './support/typescript-block.js';

const root = join(import.meta.dirname, '..');
// A missing page is a dead link of README.md.
const packagePages = readdirSync(join(root, 'libs'))
  .map((name) => `libs/${name}/README.md`)
  .filter((page) => existsSync(join(root, page)));
const documents = [
  'CONTRIBUTING.md',
  'SECURITY.md',
  'CHANGELOG.md',
  'bench/README.md',
  'policy/README.md',
  ...packagePages,
];
const guides = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.md') && !name.includes('node_modules'))
  .map((name) => `docs/${name}`);

describe('code of the pages beside the guides', () => {
  const blocks = documents.flatMap((page) =>
    codeBlocks(readFileSync(join(root, page), 'utf8')).map((block) => ({
      ...block,
      page,
      file: `${page}/line-${block.line}.ts`,
    })),
  );
  const programs = blocks.filter(({ language }) => language === 'ts');
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: object };
  let compiled: TypescriptBlocks;
  let directory: string;

  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'nmp-documents-'));
    compiled = TypescriptBlocks.compile(Object.fromEntries(programs.map(({ file, text }) => [file, text])));
  });

  afterAll(() => {
    compiled.remove();
    rmSync(directory, { recursive: true });
  });

  const checks: Record<string, (block: { text: string; file: string }) => unknown> = {
    ts: ({ file }) => expect(compiled.problemsOf(file)).toEqual([]),
    json: ({ text }) => JSON.parse(text) as unknown,
    yaml: ({ text }) => readYamlBlock(text, directory),
    sh: ({ text }) => readShellBlock(text),
    bash: ({ text }) => readShellBlock(text),
  };

  it.each(blocks)('$page has $language at line $line that holds', async (block) => {
    const check = checks[block.language];
    expect(check).toBeDefined();
    await check?.(block);
  });

  function readShellBlock(text: string): void {
    const { status, stderr } = spawnSync('bash', ['-n', '-c', text], { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(commandProblems(text)).toEqual([]);
    const named = [...text.matchAll(/npm run ([\w:-]+)/g)].map(([, name = '']) => name);
    expect(named.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
  }
});

describe('links', () => {
  it.each(['README.md', ...documents])('of %s lead to a file, and to a heading of it', (page) => {
    expect(brokenLinks(join(root, page))).toEqual([]);
  });

  it.each(['README.md', ...documents, ...guides])('of %s to other sites are addresses', (page) => {
    expect(malformedLinks(readFileSync(join(root, page), 'utf8'))).toEqual([]);
  });

  it('to other sites are found malformed when they are', () => {
    const page = '[a](https://example.com/a) [b](http://example.com) [c](https:/example.com) [d](ftp://example.com)';
    expect(malformedLinks(page)).toEqual(['http://example.com', 'https:/example.com', 'ftp://example.com']);
  });
});
