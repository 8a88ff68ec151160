import { describe, expect, it, jest } from '@jest/globals';
import { parts } from '../scripts/check/parts.mjs';
import { countsOf, runParts, tableOf } from '../scripts/check/run-parts.mjs';

const program = (name: string, script: string) => ({ name, args: ['--eval', script] });
const prints = (text: string) => `console.log(${JSON.stringify(text)})`;

describe('npm run check', () => {
  it('goes on when a part fails, and tells of every part', async () => {
    const write = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
    const said: string[] = [];
    const outcomes = await runParts(
      [
        program('tests', prints('3 passed, 1 failed')),
        { ...program('servers', prints('5 passed, 0 failed')), beside: [program('faults', 'process.exit(2)')] },
        program('last', prints('no count')),
      ],
      (line) => said.push(line),
    );
    write.mockRestore();
    expect(said).toEqual(['tests', 'servers', 'faults', 'last']);
    expect(outcomes.map(({ name, passed, failed }) => [name, passed, failed])).toEqual([
      ['tests', 3, 1],
      ['servers', 5, 0],
      ['faults', 0, 1],
      ['last', 1, 0],
    ]);
    expect(tableOf(outcomes)).toMatch(/^FAILED {2}tests .*\n(?:.*\n)+\n9 passed, 2 failed$/);
  });

  it('shows what ran beside another in one piece', async () => {
    const write = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
    await runParts([{ ...program('long', ''), beside: [program('short', prints('a line'))] }], () => {});
    const shown = write.mock.calls.map(([text]) => String(text));
    write.mockRestore();
    expect(shown).toContain('a line\n');
  });

  it('gives a part its variables', async () => {
    const [outcome] = await runParts(
      [{ ...program('part', 'process.exit(Number(process.env.CODE))'), env: { CODE: '7' } }],
      () => {},
    );
    expect(outcome?.code).toBe(7);
  });

  it.each([
    ['7 passed, 0 failed\n', 0, { passed: 7, failed: 0 }],
    ['1 passed, 0 failed\nmore\n2 passed, 3 failed\n', 1, { passed: 2, failed: 3 }],
    ['2 passed, 0 failed\n', 1, { passed: 2, failed: 1 }],
    ['nothing', 0, { passed: 1, failed: 0 }],
    ['nothing', 1, { passed: 0, failed: 1 }],
    ['it was 4 passed, 0 failed', 1, { passed: 0, failed: 1 }],
  ])('counts %j with exit code %i', (output, code, counts) => {
    expect(countsOf(output, code)).toEqual(counts);
  });

  it('tries everything that the project promises to keep', () => {
    const all = parts.flatMap((part) => [part, ...(part.beside ?? [])]).map(({ name }) => name);
    expect(all).toEqual(
      expect.arrayContaining([
        'npm test',
        'npm run quickstart -- --demo',
        'npm run test:packages',
        'npm run test:faults -- --short',
        'npm run test:interop',
      ]),
    );
  });
});
