import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

const root = join(import.meta.dirname, '..');
const { version: present } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
const packages = readdirSync(join(root, 'libs'));
const manifests = ['package.json', ...packages.map((name) => `libs/${name}/package.json`)];
const mentions = ['docs/openapi.json', 'docs/operations.md', 'deploy/kubernetes/base/kustomization.yaml'];

/** Nobody's own settings of git have a say. */
const env = {
  ...process.env,
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'Alice',
  GIT_AUTHOR_EMAIL: 'alice@example.com',
  GIT_COMMITTER_NAME: 'Alice',
  GIT_COMMITTER_EMAIL: 'alice@example.com',
};

const changelog = `# Changelog

Notes.

## [Unreleased]

### Upgrade notes

- \`oldOption\` is now \`newOption\`.
`;

describe('a release', () => {
  let directory: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'nmp-repository-'));
  });

  afterEach(() => rmSync(directory, { recursive: true }));

  it('gives every package its version, and asks for the others of that version', () => {
    begin('0.1.0');
    commit('feat(auth): a new option');

    release({ as: '7.8.9' });

    for (const path of manifests) expect([path, json(path)['version']]).toEqual([path, '7.8.9']);
    for (const path of manifests) expect(versionsAskedFor(json(path)).filter((asked) => asked !== '7.8.9')).toEqual([]);
    const { packages: locked, version: ofLock } = JSON.parse(read('package-lock.json')) as Lock; // npm's form
    for (const name of packages) {
      expect([name, locked[`libs/${name}`]!['version']]).toEqual([name, '7.8.9']);
      expect(versionsAskedFor(locked[`libs/${name}`]!).filter((asked) => asked !== '7.8.9')).toEqual([]);
    }
    expect([ofLock, locked['']!['version']]).toEqual(['7.8.9', '7.8.9']);
    for (const path of mentions) expect(read(path)).toContain('7.8.9');
    expect(git('diff', '--stat', 'HEAD~1', '--', 'package-lock.json')).toMatch(/insertions/);
    expect(git('log', '-1', '--format=%s %D')).toMatch(/^chore\(release\): 7\.8\.9 .*tag: v7\.8\.9/);
    expect(git('status', '--porcelain')).toBe('');
  });

  it('keeps what people wrote above what the commits say, and makes room for the next notes', () => {
    begin('0.1.0');
    for (const message of [
      'feat(cli): tell more with `--verbose`',
      'docs: say it better',
      'feat(auth): @RequireNothing() and `<Generic>`',
      'fix(sdk): wait no longer\n\nIt waited.',
      'refactor(tokens)!: name it otherwise\n\nBREAKING CHANGE: `a()` is called `b()`.',
    ])
      commit(message);

    const { stdout } = release({});

    const text = read('CHANGELOG.md').replaceAll(/ \([0-9a-f]{7}\)/g, '');
    expect(text).toBe(`# Changelog

Notes.

## [Unreleased]

## [0.2.0] - 2030-01-31

### Upgrade notes

- \`oldOption\` is now \`newOption\`.

### Breaking changes

- **tokens:** \`a()\` is called \`b()\`.

### From the commits

#### Features

- **auth:** @RequireNothing() and \`<Generic>\`
- **cli:** tell more with \`--verbose\`

#### Fixes

- **sdk:** wait no longer

#### Others

- **tokens:** name it otherwise
`);
    expect(stdout).toContain('Version 0.2.0, after v0.1.0');
    expect(stdout).toContain('npm publish one.tgz');
  });

  it.each([
    ['0.1.0', ['fix: a mistake', 'docs: a page'], '0.1.1'],
    ['0.1.0', ['fix: a mistake', 'feat: a new thing'], '0.2.0'],
    ['0.1.5', ['fix!: another name'], '0.2.0'],
    ['1.2.3', ['feat: a new thing', 'fix: a\n\nBREAKING CHANGE: another name'], '2.0.0'],
  ])('after %s with %j is %s', (last, messages, next) => {
    begin(last);
    for (const message of messages) commit(message);

    expect(release({ dryRun: true }).stdout).toContain(`Version ${next}, after v${last}`);
  });

  it('is what people wrote, in the version that is there, when it is the first', () => {
    begin('0.1.0', { isReleased: false });
    commit('feat: a thing that nobody had without');

    const { stdout } = release({});

    expect(stdout).toContain('Version 0.1.0, the first release');
    expect(read('CHANGELOG.md')).toContain('## [0.1.0] - 2030-01-31\n\n### Upgrade notes\n');
    expect(read('CHANGELOG.md')).not.toContain('From the commits');
    expect(git('tag')).toBe('v0.1.0\n');
  });

  it('is none when no commit asks for one', () => {
    begin('0.1.0');
    commit('docs: a page');

    expect(release({})).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('no commit since the last release'),
    });
  });

  it('is refused while the working tree has changes', () => {
    begin('0.1.0');
    commit('feat: a new thing');
    write('CHANGELOG.md', `${changelog}- More.\n`);

    expect(release({})).toMatchObject({ status: 1, stderr: expect.stringContaining('the working tree has changes') });
    expect(git('tag')).toBe('v0.1.0\n');
  });

  it('is not made when a package is not as it must be', () => {
    begin('0.1.0');
    commit('feat: a new thing');

    expect(release({ failsToPack: true })).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('a file is missing'),
    });
    expect([git('status', '--porcelain'), git('tag')]).toEqual(['', 'v0.1.0\n']);
  });

  it('changes nothing as a dry run, and says what it would change', () => {
    begin('0.1.0');
    commit('feat: a new thing');

    const { stdout } = release({ dryRun: true });

    for (const path of [...manifests, ...mentions, 'package-lock.json']) expect(stdout).toContain(`  ${path}\n`);
    expect(stdout).toContain('@nmp/one@0.2.0');
    expect(stdout).toContain('nothing is changed, committed or tagged');
    expect([git('status', '--porcelain'), git('tag')]).toEqual(['', 'v0.1.0\n']);
  });

  /** Makes a release with a packing that is none: the packages themselves are tried by `npm run test:packages`. */
  function release(options: { as?: string; dryRun?: boolean; failsToPack?: boolean }) {
    const script = pathToFileURL(join(root, 'scripts', 'release', 'make-release.mjs')).href;
    const code = `
      const { failsToPack, ...options } = JSON.parse(process.argv[1]);
      const packAll = async () => {
        if (failsToPack) throw new Error('a file is missing');
        return [{ name: '@nmp/one', tarball: 'one.tgz', bytes: 2048 }];
      };
      const { makeRelease } = await import(${JSON.stringify(script)});
      try {
        await makeRelease(process.cwd(), { ...options, packAll, today: '2030-01-31', say: (line) => console.log(line) });
      } catch (error) {
        console.error(error.message);
        process.exitCode = 1;
      }`;
    const args = ['--input-type=module', '-e', code, JSON.stringify(options)];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: directory, env, encoding: 'utf8' });
    return { status, stdout, stderr };
  }

  /** Makes a repository of what has a version, with this one. */
  function begin(version: string, { isReleased = true } = {}): void {
    for (const path of [...manifests, ...mentions, 'package-lock.json', '.prettierrc.json']) {
      mkdirSync(join(directory, dirname(path)), { recursive: true });
      write(path, readFileSync(join(root, path), 'utf8').replaceAll(present, version));
    }
    write('CHANGELOG.md', changelog);
    git('init', '--quiet', '--initial-branch', 'main');
    git('add', '--all');
    commit('chore: begin');
    if (isReleased) git('tag', '--annotate', `v${version}`, '--message', `Version ${version}`);
  }

  function commit(message: string): void {
    git('commit', '--quiet', '--allow-empty', '--message', message);
  }

  function git(...args: string[]): string {
    return execFileSync('git', args, { cwd: directory, env, encoding: 'utf8' });
  }

  function read(path: string): string {
    return readFileSync(join(directory, path), 'utf8');
  }

  function json(path: string): Record<string, unknown> {
    return JSON.parse(read(path)) as Record<string, unknown>; // a JSON object
  }

  function write(path: string, text: string): void {
    writeFileSync(join(directory, path), text);
  }
});

interface Lock {
  readonly version: string;
  readonly packages: Readonly<Record<string, Record<string, unknown>>>;
}

/** Which versions of our packages a package asks for. */
function versionsAskedFor(manifest: Record<string, unknown>): unknown[] {
  return ['dependencies', 'devDependencies', 'peerDependencies']
    .flatMap((kind) => Object.entries(manifest[kind] ?? {}))
    .filter(([name]) => name.startsWith('@nmp/'))
    .map(([, version]) => version);
}
