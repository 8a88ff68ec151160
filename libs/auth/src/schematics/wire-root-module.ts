import type { Tree } from '@angular-devkit/schematics';
import type ts from 'typescript';
import { importEdits } from './import-edit.js';
import { moduleImportEdits } from './module-edit.js';
import type { RootModule } from './root-module.js';
import { applyEdits } from './text-edit.js';
import { inStyle, styleOf } from './text-style.js';
import type { Tools } from './tools.js';
import { configNames, type SettingsSource, wiringText } from './wiring.js';

/**
 * Has the root module import AuthModule, under another name where it has one of its own.
 *
 * @throws {Error} when its `@Module()` cannot be understood
 */
export function wireRootModule(
  tree: Tree,
  { path, className }: RootModule,
  wiring: Parameters<typeof wiringText>[1] & { readonly from: SettingsSource },
  tools: Tools,
): void {
  const text = tree.readText(path);
  const source = tools.ts.createSourceFile(path, text, tools.ts.ScriptTarget.Latest, true);
  const style = styleOf(text);
  const isTaken = declares(tools.ts, source, 'AuthModule');
  const name = isTaken ? 'NmpAuthModule' : 'AuthModule';
  const entry = inStyle(wiringText(name, wiring), style);
  tree.overwrite(
    path,
    applyEdits(text, [
      ...importEdits(tools, source, { names: [isTaken ? `AuthModule as ${name}` : name], target: '@nmp/auth', style }),
      ...importEdits(tools, source, { names: configNames(wiring.from), target: '@nestjs/config', style }),
      ...moduleImportEdits(tools.ts, source, { className, entry, style }),
    ]),
  );
}

function declares(typescript: typeof ts, source: ts.SourceFile, name: string): boolean {
  const find = (node: ts.Node): boolean | undefined =>
    (typescript.isIdentifier(node) && node.text === name) || typescript.forEachChild(node, find);
  return find(source) === true;
}
