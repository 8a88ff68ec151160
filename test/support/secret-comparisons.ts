import ts from 'typescript';
import type { SourceFile } from './import-arrows.js';

/** The last word of a name by which something secret goes, of one's own or of somebody else. */
const secretName =
  /(?:^#?|_|[a-z])(?:secrets?|password|passphrase|tokens?|nonce|state|xsrf|csrf|verifier|signature|digest|mac|hmac|userCode|deviceCode|accessKey|cookie)$/i;

const equality = new Set([
  ts.SyntaxKind.EqualsEqualsToken,
  ts.SyntaxKind.EqualsEqualsEqualsToken,
  ts.SyntaxKind.ExclamationEqualsToken,
  ts.SyntaxKind.ExclamationEqualsEqualsToken,
]);

/** `one ?? other` is either of them. */
const choosing = new Set([ts.SyntaxKind.QuestionQuestionToken, ts.SyntaxKind.BarBarToken]);

/** Methods that compare, and stop at the first difference. */
const comparing = new Set(['equals', 'includes', 'indexOf', 'startsWith', 'endsWith', 'localeCompare', 'compare']);

/**
 * Finds comparisons of secrets that take the longer the more of them is right. Comparing with what is written in the source
 * (`token === undefined`) is none.
 *
 * @returns one line per comparison, `path:line: what is compared`
 */
export function secretComparisons(files: readonly SourceFile[]): string[] {
  return files.flatMap(({ path, text }) => {
    const source = ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true);
    const found: string[] = [];
    const visit = (node: ts.Node): void => {
      if (compares(node)) {
        const { line } = source.getLineAndCharacterOfPosition(node.getStart());
        found.push(`${path}:${line + 1}: ${node.getText().replaceAll(/\s+/g, ' ')}`);
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
    return found;
  });
}

function compares(node: ts.Node): boolean {
  if (ts.isBinaryExpression(node) && equality.has(node.operatorToken.kind)) {
    const sides = [node.left, node.right];
    return sides.some(isSecret) && !sides.some(isWritten);
  }
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return false;
  if (!comparing.has(node.expression.name.text)) return false;
  const isOfSecret = node.arguments.some(isSecret);
  return (isOfSecret || isSecret(node.expression.expression)) && !node.arguments.some(isWritten);
}

/** Named like a secret, or got by such a name: `secret`, `this.#token`, `form.get('password')`, `body['client_secret']`. */
function isSecret(node: ts.Expression): boolean {
  if (ts.isIdentifier(node) || ts.isPrivateIdentifier(node)) return secretName.test(node.text);
  if (ts.isPropertyAccessExpression(node)) return secretName.test(node.name.text);
  if (ts.isElementAccessExpression(node)) return isSecretText(node.argumentExpression);
  if (ts.isCallExpression(node)) return node.arguments.some(isSecretText);
  if (ts.isNonNullExpression(node) || ts.isParenthesizedExpression(node) || ts.isAsExpression(node)) {
    return isSecret(node.expression);
  }
  return ts.isBinaryExpression(node) && choosing.has(node.operatorToken.kind) && [node.left, node.right].some(isSecret);
}

function isSecretText(node: ts.Expression): boolean {
  return ts.isStringLiteralLike(node) && secretName.test(node.text);
}

/** Whether a value stands in the source, where everybody can read it: constants and classes have capitals. */
function isWritten(node: ts.Expression): boolean {
  if (ts.isIdentifier(node)) return node.text === 'undefined' || /^[A-Z]/.test(node.text);
  if (ts.isTypeOfExpression(node) || ts.isStringLiteralLike(node) || ts.isNumericLiteral(node)) return true;
  return [ts.SyntaxKind.NullKeyword, ts.SyntaxKind.TrueKeyword, ts.SyntaxKind.FalseKeyword].includes(node.kind);
}
