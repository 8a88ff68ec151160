import type ts from 'typescript';
import type { Tools } from './tools.js';
import { insertAt, type TextEdit } from './text-edit.js';
import { inStyle, type TextStyle } from './text-style.js';

/**
 * Imports names of a package: in the import that there is, or in one of its own, below those of other packages and above
 * those of the application.
 *
 * @param names as they stand in the braces
 */
export function importEdits(
  { ts }: Tools,
  source: ts.SourceFile,
  { names, target, style }: { names: readonly string[]; target: string; style: TextStyle },
): TextEdit[] {
  if (names.length === 0) return [];
  const imports = importsOf(ts, source);
  const present = imports.find((entry) => isText(ts, entry.moduleSpecifier, target) && named(ts, entry) !== undefined);
  const bindings = present === undefined ? undefined : named(ts, present);
  if (bindings !== undefined) return addedNames(bindings, names);
  const statement = inStyle(`import { ${names.join(', ')} } from '${target}';`, style);
  const above = imports.findLast(({ moduleSpecifier }) => !/^['"]\./.test(moduleSpecifier.getText(source)));
  if (above !== undefined) return [insertAt(above.getEnd(), style.newline + statement)];
  const below = source.statements[0];
  return [insertAt(below?.getStart(source) ?? 0, statement + style.newline)];
}

function addedNames(bindings: ts.NamedImports, names: readonly string[]): TextEdit[] {
  const there = new Set(bindings.elements.map((element) => element.getText()));
  const missing = names.filter((name) => !there.has(name));
  const last = bindings.elements.at(-1);
  if (missing.length === 0) return [];
  return last === undefined ? [] : [insertAt(last.getEnd(), `, ${missing.join(', ')}`)];
}

function named(typescript: typeof ts, { importClause }: ts.ImportDeclaration): ts.NamedImports | undefined {
  const bindings = importClause?.isTypeOnly ? undefined : importClause?.namedBindings;
  return bindings !== undefined && typescript.isNamedImports(bindings) ? bindings : undefined;
}

function importsOf(typescript: typeof ts, source: ts.SourceFile): ts.ImportDeclaration[] {
  return source.statements.filter((statement) => typescript.isImportDeclaration(statement));
}

function isText(typescript: typeof ts, node: ts.Expression, text: string): boolean {
  return typescript.isStringLiteral(node) && node.text === text;
}
