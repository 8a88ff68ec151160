import type ts from 'typescript';
import type { Tools } from './tools.js';

/** Whether a file of the application configures AuthModule: it imports it, and calls `forRoot` or `forRootAsync`. Tests do not count. */
export function configuresAuth(path: string, text: string, { ts }: Pick<Tools, 'ts'>): boolean {
  if (/\.(?:e2e-)?(?:spec|test)\.ts$/.test(path) || !text.includes('@nmp/auth')) return false;
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const name = importedName(ts, source);
  const find = (node: ts.Node): boolean =>
    (ts.isPropertyAccessExpression(node) &&
      node.expression.getText(source) === name &&
      ['forRoot', 'forRootAsync'].includes(node.name.text)) ||
    ts.forEachChild(node, (child) => find(child) || undefined) === true;
  return name !== undefined && find(source);
}

/** What the file calls the class, where it is imported as a value. */
function importedName(typescript: typeof ts, source: ts.SourceFile): string | undefined {
  for (const statement of source.statements) {
    if (!typescript.isImportDeclaration(statement) || statement.importClause?.isTypeOnly !== false) continue;
    if (!/^['"]@nmp\/auth['"]$/.test(statement.moduleSpecifier.getText(source))) continue;
    const { namedBindings } = statement.importClause;
    if (namedBindings === undefined || !typescript.isNamedImports(namedBindings)) continue;
    const found = namedBindings.elements.find(
      ({ name, propertyName, isTypeOnly }) => !isTypeOnly && (propertyName ?? name).text === 'AuthModule',
    );
    if (found !== undefined) return found.name.text;
  }
  return undefined;
}
