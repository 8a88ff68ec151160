import { createRequire } from 'node:module';
import { join } from 'node:path';
import type ts from 'typescript';

/** What the schematic needs of `prettier`. */
export interface Prettier {
  resolveConfig(file: string): Promise<object | null>;
  check(text: string, options: object): boolean | Promise<boolean>;
  format(text: string, options: object): string | Promise<string>;
}

/** What the schematic needs to know of its own package. */
export interface OwnManifest {
  readonly version: string;
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta: Readonly<Record<string, { readonly optional?: boolean }>>;
}

/** What the schematic works with. The compiler and the formatter are the application's, so that both agree with it. */
export interface Tools {
  readonly ts: typeof ts;
  /** `undefined`: the application has none, and what is written stays as it is. */
  readonly prettier: Prettier | undefined;
  readonly fetch: typeof fetch;
  readonly own: OwnManifest;
}

/**
 * Finds the tools in the application that the schematic runs in.
 *
 * @throws {Error} without TypeScript
 */
export function applicationTools(directory: string): Tools {
  const load = createRequire(join(directory, 'package.json'));
  const typescript = loadOptional(load, 'typescript') as typeof ts | undefined;
  if (typescript?.createSourceFile === undefined) {
    throw new Error('TypeScript 5 or 6 is not installed here: the schematic reads the application with it');
  }
  return {
    ts: typescript,
    prettier: loadOptional(load, 'prettier') as Prettier | undefined,
    fetch,
    own: load('@nmp/auth/package.json') as OwnManifest,
  };
}

function loadOptional(load: NodeJS.Require, name: string): unknown {
  try {
    return load(name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') return undefined;
    throw error;
  }
}
