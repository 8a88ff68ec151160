import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { commandProblems } from './support/guide-commands.js';
import { brokenLinks } from './support/guide-links.js';
import { differenceOf } from './support/guide-output.js';
import { type GuideBlock, GuidePage, isShell } from './support/guide-page.js';
import { readYamlBlock } from './support/guide-settings.js';
import { GuideShell } from './support/guide-shell.js';
import { QuickstartProcess } from './support/quickstart-process.js';
import { syntaxProblems, TypescriptBlocks } from './support/typescript-block.js';

const root = join(import.meta.dirname, '..');
const pages = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.md'))
  .map((name) => new GuidePage(join('docs', name), join(root, 'docs', name)));

/** The quickstart may have to build everything first. */
const hookTimeoutMs = 600_000;

/**
 * What guides are written in; other languages belong to the servers that a suite of its own sets up. Diagrams are drawn by
 * the suite `site`.
 */
const languages = new Set(['sh', 'bash', 'text', 'yaml', 'json', 'ts', 'mermaid']);

describe('the guides', () => {
  let quickstart: QuickstartProcess;
  let programs: TypescriptBlocks;
  let directory: string;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'nmp-guides-'));
    quickstart = await QuickstartProcess.start();
    programs = TypescriptBlocks.compile(
      Object.fromEntries(
        pages.flatMap((page) => ownPrograms(page).map((block) => [programOf(page, block), block.text])),
      ),
    );
    await quickstart.ready();
  }, hookTimeoutMs);

  afterAll(async () => {
    programs.remove();
    await quickstart.end();
    quickstart.remove();
    rmSync(directory, { recursive: true });
  });

  describe.each(pages)('$path', (page) => {
    let shell: GuideShell;

    beforeAll(async () => {
      shell = await GuideShell.open(page.text, quickstart);
    });

    afterAll(async () => {
      await shell.close();
    });

    it('has links that lead somewhere', () => {
      expect(brokenLinks(join(root, page.path))).toEqual([]);
    });

    it('has no code that is not tried', () => {
      const untried = page.blocks.filter(
        (block) =>
          (block.language === 'text' && !block.isOutput && !block.marks.includes('nothing prints this')) ||
          (!languages.has(block.language) && page.suite === undefined),
      );
      expect([...page.hiddenCode, ...untried.map(({ line, language }) => `line ${line}: ${language}`)]).toEqual([]);
    });

    it('names commands, options, scripts and suites that there are', () => {
      const spans = [...page.text.replaceAll(/^```.*?^```$/gms, '').matchAll(/`([^`\n]+)`/g)].map(
        ([, code = '']) => code,
      );
      const scripts = page.blocks.filter(isShell).map(({ text }) => text);
      expect([...spans, ...scripts].flatMap(commandProblems)).toEqual([]);
      const { scripts: known } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: object };
      const named = [...page.text.matchAll(/npm run ([\w:-]+)/g)].map(([, name = '']) => name);
      expect(named.filter((name) => !Object.hasOwn(known, name))).toEqual([]);
      const settings = readFileSync(join(root, 'docs', 'configuration.md'), 'utf8');
      const variables = [...page.text.matchAll(/\bNMP_[A-Z_]*[A-Z]\b/g)].map(([name]) => name);
      const unknown = variables.filter((name) => !new RegExp(`\\b${name}\\b`).test(settings));
      expect(unknown.filter((name) => !page.text.includes(`${name} is not a setting`))).toEqual([]);
      if (page.suite !== undefined) {
        const list = page.suites === 'test:packages' ? join('packages', 'apps.mjs') : 'test-interop.mjs';
        expect(readFileSync(join(root, 'scripts', list), 'utf8')).toContain(`'${page.suite}'`);
      }
    });

    for (const block of page.blocks.filter(({ language }) => language !== 'text' && language !== 'mermaid')) {
      it(`has ${block.language} at line ${block.line} that works`, async () => {
        if (isShell(block)) await tryShell(page, block, shell);
        if (block.language === 'yaml') await readYamlBlock(block.text, directory);
        if (block.language === 'json') JSON.parse(block.text);
        if (block.language === 'ts') expect(problemsOf(page, block)).toEqual([]);
        if (block.fileName !== undefined) save(page, block, shell);
      });
    }
  });

  /** Executes a block, or only reads it where it needs what is not here. */
  async function tryShell(page: GuidePage, block: GuideBlock, shell: GuideShell): Promise<void> {
    if (!page.isExecuted(block)) {
      const { status, stderr } = spawnSync('bash', ['-n', '-c', block.text], { encoding: 'utf8' });
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    } else if (block.text.trim() === 'npm run quickstart') {
      // Running already, on other ports.
      expect(differenceOf(block.printed, { output: shell.restored(quickstart.output), code: 0 })).toBeUndefined();
    } else if (block.marks.includes('keeps running')) {
      await shell.start(block.text, block.printed);
    } else {
      const person = block.marks
        .map((mark) => /^signs in as (\S+)$/.exec(mark)?.[1])
        .find((name) => name !== undefined);
      expect(differenceOf(block.printed, await shell.run(block.text, person))).toBeUndefined();
    }
  }

  function problemsOf(page: GuidePage, block: GuideBlock): readonly string[] {
    return block.marks.includes('not ours') ? syntaxProblems(block.text) : programs.problemsOf(programOf(page, block));
  }

  function save(page: GuidePage, { fileName = '', language, text, marks }: GuideBlock, shell: GuideShell): void {
    shell.save(fileName, text);
    if (language !== 'ts' || marks.includes('not ours')) return;
    const compiled = programs.fileOf(join(page.path, fileName));
    shell.save(fileName.replace(/\.ts$/, '.js'), readFileSync(compiled, 'utf8'));
  }
});

describe('the index of the guides', () => {
  it('names every page', () => {
    const index = readFileSync(join(root, 'docs', 'README.md'), 'utf8');
    const missing = pages
      .map(({ path }) => path.slice('docs/'.length))
      .filter((path) => path !== 'README.md' && !index.includes(`](${path})`));
    expect(missing).toEqual([]);
  });
});

describe('the pages of identity providers', () => {
  const providers = pages.filter(({ path }) => path.startsWith('docs/providers/'));

  it.each(providers)('$path has settings of the platform', ({ blocks }) => {
    const settings = blocks.filter(({ language }) => language === 'yaml').map(({ text }) => parse(text) as object);
    expect(settings.some((setting) => Object.hasOwn(setting, 'auth'))).toBe(true);
  });
});

function ownPrograms(page: GuidePage): GuideBlock[] {
  return page.blocks.filter(({ language, marks }) => language === 'ts' && !marks.includes('not ours'));
}

/** The file of a program among those of all pages. */
function programOf(page: GuidePage, { fileName, line }: GuideBlock): string {
  return join(page.path, fileName ?? `line-${line}.ts`);
}
