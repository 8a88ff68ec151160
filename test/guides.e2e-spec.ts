import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { commandProblems } from './support/guide-commands.js';
import { brokenLinks } from './support/guide-links.js';
import { isShell } from './support/guide-page.js';
import { compilePrograms, guidePages as pages, programOf } from './support/guide-pages.js';
import { readYamlBlock } from './support/guide-settings.js';
import { syntaxProblems, type TypescriptBlocks } from './support/typescript-block.js';

const root = join(import.meta.dirname, '..');
/**
 * What guides are written in; other languages belong to the servers that a suite of its own sets up. Diagrams are drawn by
 * the suite `site`.
 */
const languages = new Set(['sh', 'bash', 'text', 'yaml', 'json', 'ts', 'mermaid']);

/** What their commands do is tried by the suite `guides`. */
describe('the guides', () => {
  let programs: TypescriptBlocks;
  let directory: string;

  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'nmp-guides-'));
    programs = compilePrograms(pages);
  });

  afterAll(() => {
    programs.remove();
    rmSync(directory, { recursive: true });
  });

  describe.each(pages)('$path', (page) => {
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
      it(`has ${block.language} at line ${block.line} that can be`, async () => {
        if (isShell(block)) expect(spawnSync('bash', ['-n', '-c', block.text], { encoding: 'utf8' }).stderr).toBe('');
        if (block.language === 'yaml') await readYamlBlock(block.text, directory);
        if (block.language === 'json') JSON.parse(block.text);
        if (block.language !== 'ts') return;
        const isOurs = !block.marks.includes('not ours');
        expect(isOurs ? programs.problemsOf(programOf(page, block)) : syntaxProblems(block.text)).toEqual([]);
      });
    }
  });
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
