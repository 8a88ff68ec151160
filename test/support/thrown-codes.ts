import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** Where a code is given: which argument of which function, or of which class's constructor, it is. */
const givers: Readonly<Record<string, number>> = {
  SignInError: 0,
  GrantError: 0,
  BadRequestError: 1,
  Kind: 1,
  ended: 0,
  failure: 1,
  malformed: 1,
  renamed: 1,
};

/** The codes that the sources of a folder give to errors, as far as they are written there; `STATUS` stands for a status. */
export function thrownCodes(folder: string): Set<string> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const sources = files.filter((name) => name.endsWith('.ts') && !name.endsWith('.spec.ts'));
  return new Set(sources.flatMap((name) => codesIn(readFileSync(join(folder, name), 'utf8'))));
}

/** The codes that a source gives to errors. */
export function codesIn(text: string): string[] {
  const source = ts.createSourceFile('source.ts', text, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyDeclaration(node) && node.name.getText() === 'code')
      found.push(...literalsOf(node.initializer ?? node.type));
    if (ts.isNewExpression(node) || ts.isCallExpression(node)) {
      const given = node.arguments?.[givers[node.expression.getText()] ?? -1];
      found.push(...literalsOf(given && ts.isIdentifier(given) ? constantOf(given) : given));
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** What a name stands for, where a constant of the blocks around it has it. */
function constantOf(name: ts.Identifier): ts.Expression | undefined {
  for (let around: ts.Node = name; !ts.isSourceFile(around); around = around.parent) {
    if (!ts.isBlock(around)) continue;
    const declared = around.statements
      .filter(ts.isVariableStatement)
      .flatMap((line) => line.declarationList.declarations);
    const found = declared.find((declaration) => declaration.name.getText() === name.text);
    if (found !== undefined) return found.initializer;
  }
  return undefined;
}

/** The texts that a value, or a type, may be; those that it is compared with or made by are none. */
function literalsOf(node: ts.Node | undefined): string[] {
  if (node === undefined) return [];
  if (ts.isStringLiteral(node)) return [node.text];
  if (ts.isTemplateExpression(node)) return [`${node.head.text}STATUS`];
  if (ts.isLiteralTypeNode(node)) return literalsOf(node.literal);
  if (ts.isUnionTypeNode(node)) return node.types.flatMap(literalsOf);
  if (ts.isConditionalExpression(node)) return [node.whenTrue, node.whenFalse].flatMap(literalsOf);
  if (ts.isBinaryExpression(node)) return [node.left, node.right].flatMap(literalsOf);
  // What makes a text printable leaves it as it is.
  if (ts.isCallExpression(node)) return node.arguments.slice(0, 1).flatMap(literalsOf);
  return [];
}
