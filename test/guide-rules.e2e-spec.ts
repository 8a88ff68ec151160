import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { commandProblems } from './support/guide-commands.js';
import { brokenLinks } from './support/guide-links.js';
import { differenceOf, isPrinted } from './support/guide-output.js';
import { GuidePage } from './support/guide-page.js';
import { readYamlBlock } from './support/guide-settings.js';

const fence = '```';

describe('what a guide says that a command prints', () => {
  it.each([
    ['the same', 'one\ntwo\n', 'one\ntwo\n', 0],
    ['other widths of columns', 'NAME  ROLE\n', 'NAME            ROLE\n', 0],
    ['anything in a line', 'made …, good\n', 'made 2030-01-01, good\n', 0],
    ['any lines before', '…\nlast\n', 'a\nb\nlast\n', 0],
    ['no line at all', 'first\n…\n', 'first\n', 0],
    ['nothing', undefined, '', 0],
    ['another exit code', 'Error\n(exit code 3)\n', 'Error\n', 3],
  ])('may be %s', (_, printed, output, code) => {
    expect(differenceOf(printed, { output, code })).toBeUndefined();
  });

  it.each([
    ['another word', 'one\n', 'two\n', 0],
    ['a line less', 'one\n', 'one\ntwo\n', 0],
    ['a line more', 'one\ntwo\n', 'one\n', 0],
    ['nothing, where there is something', undefined, 'one\n', 0],
    ['success, where it fails', 'one\n', 'one\n', 1],
    ['failure, where it succeeds', 'one\n(exit code 1)\n', 'one\n', 0],
    ['a dot that is any character', 'a.c\n', 'abc\n', 0],
    ['more of a line', 'made …, good\n', 'made\nnow, good\n', 0],
  ])('may not be %s', (_, printed, output, code) => {
    expect(differenceOf(printed, { output, code })).toBeDefined();
  });

  it('is waited for where something keeps running', () => {
    expect(isPrinted('…\nListening\n', 'begins\n')).toBe(false);
    expect(isPrinted('…\nListening\n', 'begins\nListening\nmore\n')).toBe(true);
  });
});

describe('a guide', () => {
  let directory: string;

  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'nmp-guide-rules-'));
  });

  afterAll(() => {
    rmSync(directory, { recursive: true });
  });

  it('executes shell blocks, and knows what the next block is to it', () => {
    const page = pageOf(`${fence}sh\nnemo auth status\n${fence}\n\n${fence}text\nNobody\n${fence}\n`);
    expect(page.blocks.map(({ printed, isOutput }) => ({ printed, isOutput }))).toEqual([
      { printed: 'Nobody\n', isOutput: false },
      { printed: undefined, isOutput: true },
    ]);
    expect(page.isExecuted(page.blocks[0]!)).toBe(true);
  });

  it('does not take a text further down for output', () => {
    const page = pageOf(`${fence}sh\ntrue\n${fence}\n\nElsewhere:\n\n${fence}text\nNobody\n${fence}\n`);
    expect(page.blocks.map(({ printed, isOutput }) => [printed, isOutput])).toEqual([
      [undefined, false],
      [undefined, false],
    ]);
  });

  it.each([
    ['a sentence above', 'Needs an account at Okta.\n\n'],
    ['a mark', '<!-- needs an account at Okta -->\n\n'],
    ['a suite that runs the page', '<!-- run by: npm run test:interop -- keycloak -->\n\nText.\n\n'],
  ])('does not execute what %s says is not for here', (_, above) => {
    const page = pageOf(`# A\n\n${above}${fence}sh\ntrue\n${fence}\n\n# B\n\n${fence}sh\ntrue\n${fence}\n`);
    const [first, second] = page.blocks;
    expect(page.isExecuted(first!)).toBe(false);
    expect(page.isExecuted(second!)).toBe(page.suite === undefined);
  });

  it('names the file of a block', () => {
    const page = pageOf(`\`config/platform.yaml\`, say:\n\n${fence}yaml\nauth:\n${fence}\n`);
    expect(page.blocks[0]?.fileName).toBe('config/platform.yaml');
  });

  it.each([
    ['indented', 'Text\n\n    nemo auth login\n'],
    ['in a list', `- so:\n\n  ${fence}sh\n  nemo auth login\n  ${fence}\n`],
    ['between tildes', '~~~sh\nnemo auth login\n~~~\n'],
  ])('cannot hide code that is %s', (_, text) => {
    expect(pageOf(text).hiddenCode).not.toEqual([]);
  });

  it('has no dead link, also none to a heading', () => {
    const file = join(directory, 'links.md');
    writeFileSync(
      file,
      '# Who may do `what`?\n\n[a](#who-may-do-what) [b](#who) [c](gone.md) [d](links.md#who-may-do-what)\n',
    );
    expect(brokenLinks(file)).toEqual(['#who', 'gone.md']);
  });

  it('names commands and options that there are', () => {
    const right =
      'X=1 nemo --context work auth login --scope "platform:read x" && npx --no-install nemo auth token | cat';
    expect(commandProblems(right)).toEqual([]);
    expect(commandProblems('TOKEN=$(nemo auth tokens)\nnemo auth login --browsers')).toEqual([
      'nemo auth tokens: there is no command tokens',
      'nemo auth login --browsers: there is no option --browsers',
    ]);
  });

  it('shows settings that are taken', async () => {
    await readYamlBlock('auth:\n  oidc:\n    scope_prefix: api://nmp/\n', directory);
    await expect(readYamlBlock('auth:\n  oidc:\n    scope_prefx: api://nmp/\n', directory)).rejects.toThrow(
      'scope_prefix',
    );
    await expect(readYamlBlock('auth:\n  oidc:\n    issuer: http://idp.example.com\n', directory)).rejects.toThrow(
      'https',
    );
    await expect(readYamlBlock('users: [a\n', directory)).rejects.toThrow();
  });

  function pageOf(text: string): GuidePage {
    const file = join(directory, 'page.md');
    writeFileSync(file, text);
    return new GuidePage('docs/page.md', file);
  }
});
