import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { offendingImports, type SourceFile } from './support/import-arrows.js';
import { offendingNames } from './support/naming-rules.js';

const root = join(import.meta.dirname, '..');

describe('the arrows between the parts', () => {
  it('hold in every source file', () => {
    expect(offendingImports(sourceFiles())).toEqual([]);
  });

  it.each([
    ['src/main.ts', '@nmp/sdk', 'platform may not import @nmp/sdk'],
    ['libs/sdk/src/errors.ts', '@nmp/auth', 'sdk may not import @nmp/auth'],
    ['libs/cli/src/main.ts', '@nmp/dev-idp', 'cli may not import @nmp/dev-idp'],
    ['libs/dev-idp/src/dev-idp.ts', '@nmp/tokens', 'dev-idp may not import @nmp/tokens'],
    ['libs/auth/src/auth.module.ts', '@nmp/auth/testing', 'auth may not import @nmp/auth/testing'],
    ['libs/tokens/src/jws.ts', 'jose', 'tokens has no dependencies, not even "jose"'],
    ['libs/sdk/src/clock.ts', '@nestjs/common', 'sdk may not import Nest'],
    ['libs/auth/src/keys/key-set.ts', '@nestjs/common', 'a file with a plain noun for a name may not import Nest'],
    ['libs/auth/src/keys/key-set.ts', '../token/jwt.strategy.js', "auth's keys may not import its token"],
    ['libs/auth/src/token/jwt.strategy.ts', '../http/auth.guard.js', "auth's token may not import its http"],
    ['libs/auth/src/http/auth.guard.ts', '../testing/test-issuer.js', "auth's product code may not import"],
    [
      'libs/cli/src/main.ts',
      '../../sdk/test/support/stub-idp.js',
      'cli reaches into libs/sdk/test/support/stub-idp.js',
    ],
    ['libs/sdk/test/login.spec.ts', '../../cli/test/support/terminal.js', 'sdk reaches into libs/cli/test/support'],
    ['libs/cli/src/main.ts', '../../sdk/src/errors.js', 'cli reaches into libs/sdk/src/errors.js by a relative path'],
  ])('name %s when it imports %s', (path, target, reason) => {
    const text = `/** A file. */\n\nimport { thing } from '${target}';\n`;

    expect(offendingImports([{ path, text }])).toEqual([expect.stringContaining(`${path}:3: ${reason}`)]);
  });

  it.each([
    ['export … from', "export { thing } from '@nmp/sdk';"],
    ['import type', "import type { Thing } from '@nmp/sdk';"],
    ['a dynamic import', "const sdk = await import('@nmp/sdk');"],
  ])('see %s', (_kind, text) => {
    expect(offendingImports([{ path: 'src/main.ts', text }])).toHaveLength(1);
  });

  it.each([
    ['libs/auth/src/http/auth.guard.ts', '@nestjs/common'],
    ['libs/auth/src/http/auth.guard.ts', '../token/jwt.strategy.js'],
    ['libs/auth/src/token/jwt.strategy.ts', '../keys/key-set.js'],
    ['libs/auth/src/http/auth.guard.spec.ts', '@nmp/auth/testing'],
    ['libs/cli/test/login.spec.ts', '@nmp/dev-idp'],
    ['libs/sdk/test/support/fake-clock.ts', '@nmp/sdk'],
    ['libs/cli/test/login.spec.ts', '../../sdk/test/support/fake-clock.js'],
    ['libs/cli/src/main.ts', '@nmp/sdk'],
    ['src/app.module.ts', '@nmp/auth'],
    ['libs/tokens/src/jws.ts', './errors.js'],
  ])('let %s import %s', (path, target) => {
    expect(offendingImports([{ path, text: `import { thing } from '${target}';` }])).toEqual([]);
  });
});

describe('names', () => {
  it('say what is in a file and what a type is', () => {
    expect(offendingNames(sourceFiles())).toEqual([]);
  });

  it.each([
    ['libs/auth/src/token-utils.ts', '', 'does not say what is in the file'],
    ['src/common.ts', '', 'does not say what is in the file'],
    ['libs/auth/src/http/index.ts', '', "only a package's entry"],
    ['libs/auth/src/principal.ts', 'export interface IPrincipal {}', '"IPrincipal" is a name to avoid'],
    ['libs/auth/src/key-set.ts', 'export class KeyManager {}', '"KeyManager" is a name to avoid'],
    ['libs/auth/src/index.ts', "export * from './principal.js';", 'exports are named one by one'],
  ])('are refused in %s: %s', (path, text, reason) => {
    expect(offendingNames([{ path, text }])).toEqual([expect.stringContaining(reason)]);
  });

  it('may speak of a base URL or an issuer', () => {
    expect(offendingNames([{ path: 'libs/sdk/src/base-url.ts', text: 'export class IssuerUrl {}' }])).toEqual([]);
  });
});

function sourceFiles(): SourceFile[] {
  const libraries = readdirSync(join(root, 'libs')).flatMap((name) => [`libs/${name}/src`, `libs/${name}/test`]);
  return ['src', ...libraries].flatMap((folder) => filesOf(join(root, folder)));
}

function filesOf(folder: string): SourceFile[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => ({ path: relative(root, file).split(sep).join('/'), text: readFileSync(file, 'utf8') }));
}
