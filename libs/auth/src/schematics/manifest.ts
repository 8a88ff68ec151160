import type { Tree } from '@angular-devkit/schematics';
import { addMember } from './json-text.js';
import { applyEdits } from './text-edit.js';
import type { Tools } from './tools.js';

const path = 'package.json';

interface Manifest {
  readonly name?: string;
  readonly type?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** A package that is to be in `package.json`. */
export interface WantedPackage {
  readonly name: string;
  readonly version: string;
  readonly section: 'dependencies' | 'devDependencies';
}

/** Reads `package.json`. @throws {Error} where there is none, or no Nest application in it */
export function readManifest(tree: Tree): Manifest {
  const manifest = tree.exists(path) ? (tree.readJson(path) as Manifest) : {};
  const { dependencies = {} } = manifest;
  if (dependencies['@nestjs/core'] === undefined) {
    throw new Error('There is no Nest application here: package.json names no @nestjs/core among its dependencies');
  }
  return manifest;
}

/** The range that `package.json` asks for. */
export function declaredVersion(tree: Tree, name: string): string | undefined {
  const { dependencies, devDependencies } = readManifest(tree);
  return dependencies?.[name] ?? devDependencies?.[name];
}

/**
 * The packages that `@nmp/auth` needs beside itself, in the version that goes with the application's Nest.
 *
 * @throws {Error} when that Nest is too old
 */
export function neededPackages(tree: Tree, { own }: Tools): WantedPackage[] {
  const range = declaredVersion(tree, '@nestjs/core') ?? '';
  const major = Number(/^[~^>=v\s]*(\d+)/.exec(range)?.[1] ?? Number.NaN);
  if (major < 11) throw new Error(`@nmp/auth works with Nest 11 and 12; this application has ${range}`);
  const peers = Object.entries(own.peerDependencies)
    .filter(([name]) => !own.peerDependenciesMeta[name]?.optional)
    .map(([name, range]) => ({ name, version: branchOf(range, major), section: 'dependencies' as const }));
  return [{ name: '@nmp/auth', version: `^${own.version}`, section: 'dependencies' }, ...peers];
}

/** The part of a range that is for one major version; the whole where there is none. */
function branchOf(range: string, major: number): string {
  return range.split(' || ').find((part) => part.startsWith(`^${major}.`)) ?? range;
}

/** Adds what `package.json` does not name yet. @returns whether anything was missing */
export function addPackages(tree: Tree, wanted: readonly WantedPackage[], { ts }: Tools): boolean {
  const missing = wanted.filter(({ name }) => declaredVersion(tree, name) === undefined);
  for (const { section, name, version } of missing) {
    const text = tree.readText(path);
    tree.overwrite(path, applyEdits(text, [addMember(ts, text, { section, name, value: version })]));
  }
  return missing.length > 0;
}

/** What is to be installed with: the program whose lock file is there. */
export function installerOf(tree: Tree): string {
  const byLock = { 'pnpm-lock.yaml': 'pnpm', 'yarn.lock': 'yarn', 'bun.lock': 'bun', 'bun.lockb': 'bun' };
  return Object.entries(byLock).find(([lock]) => tree.exists(lock))?.[1] ?? 'npm';
}
