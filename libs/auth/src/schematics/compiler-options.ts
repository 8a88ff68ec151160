import { posix } from 'node:path';
import type { Tree } from '@angular-devkit/schematics';
import { parseJsonText } from './json-text.js';
import type { Tools } from './tools.js';

/** The compiler options that decide about how a program has to be written. */
export interface WritingOptions {
  readonly esModuleInterop?: boolean;
  readonly exactOptionalPropertyTypes?: boolean;
  readonly module?: string;
  readonly noPropertyAccessFromIndexSignature?: boolean;
  readonly types?: readonly string[];
}

interface Settings {
  readonly compilerOptions?: WritingOptions;
  readonly extends?: string | readonly string[];
}

/** Reads the options of `tsconfig.json`, with those of the files in the workspace that it extends. */
export function readWritingOptions(tree: Tree, tools: Tools, path = 'tsconfig.json', depth = 0): WritingOptions {
  if (!tree.exists(path) || depth > 5) return {};
  const settings: Settings = parseJsonText(tools.ts, path, tree.readText(path));
  const bases = [settings.extends ?? []].flat().filter((base) => base.startsWith('.'));
  const inherited = bases.map((base) => {
    const target = posix.join(posix.dirname(path), base);
    return readWritingOptions(tree, tools, target.endsWith('.json') ? target : `${target}.json`, depth + 1);
  });
  return Object.assign({}, ...inherited, settings.compilerOptions) as WritingOptions;
}
