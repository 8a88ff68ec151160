import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { loadConfig } from '../src/config/load-config.js';
import { codeBlocks, localLinks } from './support/markdown-blocks.js';

const folder = join(import.meta.dirname, '..', 'docs', 'providers');
const pages = readdirSync(folder);

// What the pages tell to set up at the providers is run by the interop suite, which takes it from the pages.
describe('the pages of identity providers', () => {
  const directory = mkdtempSync(join(tmpdir(), 'nmp-pages-'));
  const blocks = pages.flatMap((page) =>
    codeBlocks(readFileSync(join(folder, page), 'utf8')).map((block) => ({ page, ...block })),
  );

  afterAll(() => {
    rmSync(directory, { recursive: true });
  });

  it.each(blocks.filter(({ text }) => text.startsWith('auth:')))(
    '$page has settings at line $line that the platform takes',
    ({ text }) => {
      const file = join(directory, 'platform.yaml');
      writeFileSync(file, text);
      const { auth } = loadConfig({ NMP_CONFIG_FILE_PATH: file });
      expect(auth.oidc?.clientId).toBe('nmp-cli');
    },
  );

  it.each(blocks.filter(({ language }) => language === 'json'))('$page has JSON at line $line', ({ text }) => {
    expect(() => JSON.parse(text) as unknown).not.toThrow();
  });

  it.each(pages)('%s has links that lead somewhere, and settings', (page) => {
    const text = readFileSync(join(folder, page), 'utf8');
    expect(localLinks(text).filter((target) => !existsSync(join(folder, dirname(page), target)))).toEqual([]);
    expect(codeBlocks(text).some((block) => block.text.startsWith('auth:'))).toBe(true);
  });
});
