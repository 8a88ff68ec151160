import { describe, expect, it } from '@jest/globals';
import { authErrorCodes } from '@nmp/tokens';
import { optionProblems, readOptions } from '../option-problems.js';
import { explainedRefusal } from './explained-refusal.js';
import { refusalAdvice } from './refusal-advice.js';

describe('explainedRefusal', () => {
  it.each(authErrorCodes)('says of %s what to look at and where more is written', (code) => {
    expect(explainedRefusal({ code }, (option) => option)).toMatch(
      new RegExp(`^→ [^{}\\n]+[.?:] \\(@nmp/auth/dist/errors\\.md#${code}\\)$`),
    );
  });

  it('names options as the application does', () => {
    const explained = explainedRefusal({ code: 'token_audience' }, (option) => `NMP_AUTH_${option.toUpperCase()}`);
    expect(explained).toBe(
      '→ Look at NMP_AUTH_OIDC.AUDIENCE, and at @RequireAudience() of the handler. (@nmp/auth/dist/errors.md#token_audience)',
    );
  });

  it('names only options that there are', () => {
    const named = Object.values(refusalAdvice).flatMap((advice) => advice.match(/(?<=\{)[\w.]+(?=\})/g) ?? []);
    expect(named).toContain('oidc.audience');
    expect([...new Set(named)].filter((option) => !isOption(option))).toEqual([]);
  });
});

/** Whatever is wrong with its value: an option that there is is not called unknown. */
function isOption(path: string): boolean {
  const value = path.split('.').reduceRight<unknown>((inner, name) => ({ [name]: inner }), Symbol('a value'));
  return optionProblems(readOptions(value)).every((problem) => !problem.includes('is not a known option'));
}
