import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

interface Report {
  readonly name: string;
  readonly message: string;
  readonly assertionResults: readonly { title: string; status: string; failureMessages: string[] }[];
}

const support = join(import.meta.dirname, 'support');
const jest = join(import.meta.dirname, '..', 'node_modules', 'jest', 'bin', 'jest.js');

/** Changes what it can, and says whether somebody has done so before. */
const selfish = `
import { expect, it, jest } from '@jest/globals';
const target = (globalThis.targetOfAll ??= { method: () => 'real' });
it('finds what it expects', () => {
  expect(process.env).not.toHaveProperty('LEFT_BEHIND');
  expect(process.env.PATH).not.toBe('nowhere');
  expect(new Date().getFullYear()).toBeGreaterThan(2000);
  expect(target.method()).toBe('real');
  expect(process.exitCode).toBeUndefined();
  expect(process.exit.name).toBe('exit');
});
it('leaves what it likes', () => {
  Object.assign(process.env, { LEFT_BEHIND: 'yes', PATH: 'nowhere' });
  jest.spyOn(target, 'method').mockReturnValue('mocked');
  jest.useFakeTimers({ now: 0 });
  jest.setTimeout(1);
  process.exitCode = 7;
});
`;

const failing = `
import { beforeAll, describe, expect, it, jest } from '@jest/globals';
it('fails an expectation', () => expect(1).toBe(2));
it('throws', () => { throw new Error('thrown'); });
it('throws later', async () => {
  setTimeout(() => { throw new Error('thrown later'); });
  await new Promise((resolve) => setTimeout(resolve, 50));
});
it('forgets a promise', async () => {
  void Promise.reject(new Error('rejected'));
  await new Promise((resolve) => setTimeout(resolve, 50));
});
it('waits for ever', () => new Promise(() => {}), 50);
it('expects too little', () => { expect.assertions(1); });
describe('with a hook that fails', () => {
  beforeAll(() => { throw new Error('hook'); });
  it('is not run', () => {});
});
it.each([1])('has a table, and %d row', (row) => expect(row).toBe(1));
`;

describe('test files that share the realm of their worker', () => {
  const reports = new Map<string, Report>();
  let directory: string;
  let exitCode: number | null;

  beforeAll(() => {
    directory = realpathSync(mkdtempSync(join(tmpdir(), 'nmp-realm-')));
    const files = { one: selfish, other: selfish, failing, unloadable: "import './nowhere.mjs';" };
    for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, `${name}.test.mjs`), text);
    const config = {
      rootDir: directory,
      runtime: join(support, 'worker', 'runtime.cjs'),
      testEnvironment: join(support, 'leaks', 'environment.mjs'),
      testMatch: ['**/*.test.mjs'],
      injectGlobals: false,
      transform: {},
      reporters: [],
      testTimeout: 60_000,
    };
    const file = join(directory, 'jest.config.json');
    writeFileSync(file, JSON.stringify(config));
    const result = join(directory, 'result.json');
    const options = ['--config', file, '--runInBand', '--json', '--outputFile', result];
    exitCode = spawnSync(process.execPath, [jest, ...options], { cwd: directory }).status;
    const { testResults } = JSON.parse(readFileSync(result, 'utf8')) as { testResults: Report[] };
    for (const report of testResults) reports.set(basename(report.name, '.test.mjs'), report);
  });

  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  it.each(['one', 'other'])('find mocks, timers and variables as they were: %s', (name) => {
    expect(reports.get(name)).toMatchObject({
      assertionResults: [{ status: 'passed' }, { status: 'passed' }],
      message: '',
    });
  });

  it.each([
    ['fails an expectation', 'Expected: '],
    ['throws', 'thrown'],
    ['throws later', 'thrown later'],
    ['forgets a promise', 'rejected'],
    ['waits for ever', 'Exceeded timeout of 50 ms'],
    ['expects too little', 'expect.assertions(1)'],
    ['is not run', 'hook'],
  ])('fail where a test %s', (title, message) => {
    expect(resultOf(title)).toMatchObject({ status: 'failed', failureMessages: [expect.stringContaining(message)] });
  });

  it('pass beside tests that fail, and Jest still says that something failed', () => {
    expect(resultOf('has a table, and 1 row')).toMatchObject({ status: 'passed' });
    expect(exitCode).toBe(1);
  });

  it('fail when they cannot be loaded', () => {
    expect(reports.get('unloadable')).toMatchObject({ message: expect.stringContaining('nowhere.mjs') });
  });

  function resultOf(title: string) {
    return reports.get('failing')?.assertionResults.find((result) => result.title === title);
  }
});
