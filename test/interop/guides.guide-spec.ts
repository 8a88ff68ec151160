import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { differenceOf } from '../support/guide-output.js';
import type { GuideBlock, GuidePage } from '../support/guide-page.js';
import { compilePrograms, guidePages, programOf } from '../support/guide-pages.js';
import { GuideShell } from '../support/guide-shell.js';
import { QuickstartProcess } from '../support/quickstart-process.js';
import type { TypescriptBlocks } from '../support/typescript-block.js';

/** The quickstart may have to build everything first. */
const hookTimeoutMs = 600_000;

const typed = guidePages.filter((page) => page.blocks.some((block) => page.isExecuted(block)));

describe('what is typed as the guides say', () => {
  let quickstart: QuickstartProcess;
  let programs: TypescriptBlocks;

  beforeAll(async () => {
    quickstart = await QuickstartProcess.start();
    programs = compilePrograms(typed);
    await quickstart.ready();
  }, hookTimeoutMs);

  afterAll(async () => {
    programs.remove();
    await quickstart.end();
    quickstart.remove();
  });

  describe.each(typed)('$path', (page) => {
    let shell: GuideShell;

    beforeAll(async () => {
      shell = await GuideShell.open(page.text, quickstart);
    });

    afterAll(async () => {
      await shell.close();
    });

    for (const block of page.blocks.filter((each) => page.isExecuted(each) || each.fileName !== undefined)) {
      it(`works at line ${block.line}`, async () => {
        if (page.isExecuted(block)) await type(block, shell);
        if (block.fileName !== undefined) save(page, block, shell);
      });
    }
  });

  async function type(block: GuideBlock, shell: GuideShell): Promise<void> {
    if (block.text.trim() === 'npm run quickstart') {
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

  function save(page: GuidePage, block: GuideBlock, shell: GuideShell): void {
    const { fileName = '', language, text, marks } = block;
    shell.save(fileName, text);
    if (language !== 'ts' || marks.includes('not ours')) return;
    const compiled = programs.fileOf(programOf(page, block));
    shell.save(fileName.replace(/\.ts$/, '.js'), readFileSync(compiled, 'utf8'));
  }
});
