import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import {
  AccessDeniedError,
  authErrorCodes,
  type AuthError,
  DpopNonceRequiredError,
  InsufficientScopeError,
  InvalidDpopProofError,
  InvalidRequestError,
  InvalidTokenError,
  IssuerUnavailableError,
  MissingTokenError,
  OverloadedError,
  PolicyTimeoutError,
  PolicyUnavailableError,
  StepUpRequiredError,
} from '@nmp/tokens';
import { exitCodes } from '../libs/cli/src/exit-codes.js';
import { NOT_A_PLATFORM } from '../libs/sdk/src/api-error.js';
import { oauthErrorCodes } from '../libs/sdk/src/grants/grant-error.js';
import { invalidDpopProofReasons, invalidTokenReasons } from '../libs/tokens/src/error-codes.js';
import { settingTree, type SettingTree } from '../src/config/setting-tree.js';
import { codeByStatus, platformErrorCodes } from '../src/http/error-codes.js';
import { exchangeErrorCodes } from '../src/minted-tokens/exchange/exchange-error.js';
import { errorSections, sectionProblems } from './support/error-page.js';
import { codesIn, thrownCodes } from './support/thrown-codes.js';

const root = join(import.meta.dirname, '..');
const page = readFileSync(join(root, 'docs', 'errors.md'), 'utf8');
const sections = errorSections(page);

/** Every code that a program can meet. */
const codes: ReadonlySet<string> = new Set([
  ...authErrorCodes,
  ...platformErrorCodes,
  ...exchangeErrorCodes,
  ...thrownCodes(join(root, 'libs/sdk/src')),
  ...thrownCodes(join(root, 'libs/cli/src')),
  NOT_A_PLATFORM,
  ...oauthErrorCodes,
]);

/** With which status each code of the library is answered. */
const refusals: readonly AuthError[] = [
  new MissingTokenError(),
  new InvalidRequestError('odd'),
  ...invalidTokenReasons.map((reason) => new InvalidTokenError(reason)),
  new InvalidDpopProofError('missing'),
  new DpopNonceRequiredError('nonce'),
  new StepUpRequiredError([], 60),
  new InsufficientScopeError([]),
  new AccessDeniedError(),
  new IssuerUnavailableError('away', 1),
  new OverloadedError('full'),
  new PolicyUnavailableError('away'),
  new PolicyTimeoutError('late'),
];
const statuses = [
  ...refusals.map(({ code, status }) => [code, status] as const),
  ...Object.entries(codeByStatus).map(([status, code]) => [code, Number(status)] as const),
];

describe('docs/errors.md', () => {
  it('has one section for each code, and none for another', () => {
    expect(codes.size).toBeGreaterThan(70);
    expect(sectionProblems(sections, codes)).toEqual([]);
  });

  it('would be found to lack a section, and to have one too many', () => {
    const without = sections.filter(({ code }) => code !== 'token_key');
    expect(sectionProblems(without, codes)).toEqual(['token_key has no section']);
    const invented = [...sections, { code: 'token_colour' }, { code: 'denied' }];
    expect(sectionProblems(invented, codes)).toEqual(['token_colour is no code', 'denied has two sections']);
  });

  it.each(sections)('says of $code what it means, its causes, how to check, and what to do, in short', (section) => {
    expect(section.meaning).toMatch(/^[A-Z0-9].{10,}[.:]$/s);
    expect(Object.keys(section.points)).toEqual(['Causes', 'Check', 'Do']);
    for (const told of Object.values(section.points)) expect(told).toMatch(/\S.*[.]$/s);
    expect(section.lineCount).toBeLessThanOrEqual(11);
  });

  it.each(statuses)('says that %s is answered with %d', (code, status) => {
    const { meaning = '' } = sections.find((section) => section.code === code) ?? {};
    expect(meaning).toMatch(new RegExp(`^${status}\\b`));
  });

  it('knows the status of every code of the library but the one that is never an answer', () => {
    expect(new Set(refusals.map(({ code }) => code).concat('auth_config'))).toEqual(new Set(authErrorCodes));
  });

  it('tells every reason of a bad proof', () => {
    const [, section = ''] = page.split('### `dpop_proof`');
    const [told = ''] = section.split('### ');
    expect(invalidDpopProofReasons.filter((reason) => !told.includes(`\`${reason}\``))).toEqual([]);
  });

  it('names settings that there are', () => {
    const known = new Set(pathsOf(settingTree));
    const roots = Object.keys(settingTree).join('|');
    const named = [...page.matchAll(new RegExp(`\`((?:${roots})\\.[a-z_.]+)[\`:]`, 'g'))].map(([, path = '']) => path);
    expect(named.length).toBeGreaterThan(30);
    expect(named.filter((path) => !known.has(path))).toEqual([]);
  });

  it('has every exit code of nemo', () => {
    const told = [...page.matchAll(/^\| `(\d+)` /gm)].map(([, code]) => Number(code));
    expect(told).toEqual(Object.values(exitCodes));
  });
});

describe('the codes of a source', () => {
  it.each([
    ["new SignInError('a', 'message')", ['a']],
    ["{ const code = x === 'no' ? 'a' : 'b'; malformed(provider, code, 'no'); } { const code = 'no'; }", ['a', 'b']],
    ["class E { readonly code = 'a'; }", ['a']],
    ["class E { readonly code: 'a' | 'b'; }", ['a', 'b']],
    ['failure(raw, `http_${status}`)', ['http_STATUS']],
    ["new Error('no')", []],
  ])('are found: %s', (text, found) => {
    expect(codesIn(text)).toEqual(found);
  });
});

function pathsOf(tree: SettingTree, parent = ''): string[] {
  return Object.entries(tree).flatMap(([key, setting]) => {
    const path = parent + key;
    if (typeof setting === 'string') return [path];
    return [path, ...pathsOf('section' in setting ? setting.section : setting.entries, `${path}.`)];
  });
}
