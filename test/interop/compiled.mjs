import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import ts from 'typescript';
import { root } from '../../scripts/process/root.mjs';

/**
 * Makes a program in TypeScript a module that Node can load; it finds its packages from the folder of the project.
 *
 * @param {string} source the file
 * @returns {string} the file of the module
 */
export function compiled(source) {
  const compilerOptions = {
    module: ts.ModuleKind.ESNext,
    target: ts.ScriptTarget.ES2022,
    verbatimModuleSyntax: true,
    experimentalDecorators: true,
    emitDecoratorMetadata: true,
  };
  const folder = join(root, '.interop', basename(dirname(source)));
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${basename(source, '.ts')}.mjs`);
  writeFileSync(file, ts.transpileModule(readFileSync(source, 'utf8'), { compilerOptions }).outputText);
  return file;
}
