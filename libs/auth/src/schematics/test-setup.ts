import { posix } from 'node:path';
import type { Tree } from '@angular-devkit/schematics';
import type { WritingOptions } from './compiler-options.js';
import { declaredVersion, readManifest, type WantedPackage } from './manifest.js';
import type { Project } from './project.js';
import type { RootModule } from './root-module.js';
import { sourceFiles } from './source-files.js';

/** How the application is tested. */
export interface TestSetup {
  /** The e2e tests that there are. */
  readonly files: readonly string[];
  /** Where a new one goes. */
  readonly newFile: string;
  /** Where `describe` and the others come from; `undefined`: from nowhere, they are global. */
  readonly globals: '@jest/globals' | 'vitest' | undefined;
  /** How supertest is imported. */
  readonly request: 'request' | '* as request';
  readonly platform: 'express' | 'fastify';
  /** The root module, seen from a test. */
  readonly moduleImport: string;
  /** What a test needs. */
  readonly packages: readonly WantedPackage[];
}

/** Finds out how the application is tested. @returns `undefined` when it has neither Jest nor Vitest */
export function findTestSetup(
  tree: Tree,
  { project, rootModule, writing }: { project: Project; rootModule: RootModule; writing: WritingOptions },
): TestSetup | undefined {
  const runner = ['vitest', 'jest'].find((name) => declaredVersion(tree, name) !== undefined);
  if (runner === undefined) return undefined;
  const directory = project.root === '' ? 'test' : `${project.root}/test`;
  const files = sourceFiles(tree, directory).filter((path) => /\.e2e-(?:spec|test)\.ts$/.test(path));
  const suffix = /\.e2e-\w+\.ts$/.exec(files[0] ?? '')?.[0] ?? '.e2e-spec.ts';
  const texts = files.map((path) => tree.readText(path));
  return {
    files,
    newFile: freeName(tree, directory, suffix),
    globals: importedGlobals(tree, runner, writing),
    request: texts.some((text) => text.includes('* as request ')) ? '* as request' : 'request',
    platform: platformOf(tree, project),
    moduleImport: posix.relative(directory, rootModule.path).replace(/\.ts$/, isEsm(tree, rootModule) ? '.js' : ''),
    packages: ['@nestjs/testing', 'supertest', '@types/supertest'].map((name) => ({
      name,
      version: name === '@nestjs/testing' ? (declaredVersion(tree, '@nestjs/core') ?? '*') : '^7.0.0',
      section: 'devDependencies',
    })),
  };
}

function freeName(tree: Tree, directory: string, suffix: string): string {
  const names = ['auth', 'auth-module', 'nmp-auth'].map((name) => `${directory}/${name}${suffix}`);
  return names.find((path) => !tree.exists(path)) ?? `${directory}/nmp-auth-module${suffix}`;
}

function importedGlobals(tree: Tree, runner: string, { types }: WritingOptions): TestSetup['globals'] {
  if (runner === 'vitest') return types?.includes('vitest/globals') ? undefined : 'vitest';
  return declaredVersion(tree, '@types/jest') === undefined ? '@jest/globals' : undefined;
}

function platformOf(tree: Tree, { entryFile }: Project): TestSetup['platform'] {
  const start = tree.exists(entryFile) ? tree.readText(entryFile) : '';
  const isFastify =
    start.includes('FastifyAdapter') ||
    (declaredVersion(tree, '@nestjs/platform-express') === undefined &&
      declaredVersion(tree, '@nestjs/platform-fastify') !== undefined);
  return isFastify ? 'fastify' : 'express';
}

/** As the root module imports its own neighbours; where it has none, as `package.json` says. */
function isEsm(tree: Tree, { path }: RootModule): boolean {
  const [, ending] = /from ['"]\.[^'"]*?(\.js)?['"]/.exec(tree.readText(path)) ?? [undefined, undefined];
  const hasNeighbours = /from ['"]\./.test(tree.readText(path));
  return hasNeighbours ? ending === '.js' : readManifest(tree).type === 'module';
}
