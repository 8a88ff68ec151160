import type ts from 'typescript';
import { moduleDecorator } from './root-module.js';
import { insertAt, type TextEdit } from './text-edit.js';
import { marginAt, type TextStyle, withMargin } from './text-style.js';

/**
 * Puts an entry at the end of what a module imports, whatever form its list has.
 *
 * @param entry in the file's style, without margin
 * @throws {Error} when the module is not given by an object
 */
export function moduleImportEdits(
  typescript: typeof ts,
  source: ts.SourceFile,
  { className, entry, style }: { className: string; entry: string; style: TextStyle },
): TextEdit[] {
  const metadata = metadataOf(typescript, source, className);
  const imports = metadata.properties.find(
    ({ name }) => name !== undefined && 'text' in name && name.text === 'imports',
  );
  const place = { source, entry, style };
  if (imports === undefined) return addProperty(metadata, place);
  if (typescript.isShorthandPropertyAssignment(imports)) {
    const margin = marginAt(source.text, imports.getStart(source));
    return [insertAt(imports.getEnd(), `: ${list(['...imports', entry], margin, style)}`)];
  }
  if (!typescript.isPropertyAssignment(imports)) throw new Error('What the root module imports is no list');
  const { initializer } = imports;
  if (typescript.isArrayLiteralExpression(initializer)) return addElement(initializer, place);
  const given = initializer.getText(source);
  const spread = typescript.isIdentifier(initializer) ? `...${given}` : `...(${given})`;
  const text = list([spread, entry], marginAt(source.text, imports.getStart(source)), style);
  return [{ start: initializer.getStart(source), end: initializer.getEnd(), text }];
}

interface Place {
  readonly source: ts.SourceFile;
  readonly entry: string;
  readonly style: TextStyle;
}

function metadataOf(typescript: typeof ts, source: ts.SourceFile, className: string): ts.ObjectLiteralExpression {
  const declaration = source.statements
    .filter((statement) => typescript.isClassDeclaration(statement))
    .find(({ name }) => name?.text === className);
  const [metadata] = (declaration && moduleDecorator(typescript, source, declaration)?.arguments) ?? [];
  if (metadata === undefined || !typescript.isObjectLiteralExpression(metadata)) {
    throw new Error(`@Module() of ${className} is not called with an object: add AuthModule to its imports by hand`);
  }
  // What is spread may have imports of its own, which would win or be lost.
  if (metadata.properties.some((property) => typescript.isSpreadAssignment(property))) {
    throw new Error(`@Module() of ${className} spreads another object: add AuthModule to its imports by hand`);
  }
  return metadata;
}

function addProperty(metadata: ts.ObjectLiteralExpression, { source, entry, style }: Place): TextEdit[] {
  const [first] = metadata.properties;
  const start = metadata.getStart(source);
  const margin = marginAt(source.text, start) + style.indent;
  if (first === undefined) {
    const text = `{${style.newline}${margin}imports: ${list([entry], margin, style)},${style.newline}`;
    return [{ start, end: metadata.getEnd(), text: `${text}${marginAt(source.text, start)}}` }];
  }
  const onOwnLine = source.text.slice(start, first.getStart(source)).includes('\n');
  const separator = onOwnLine ? style.newline + marginAt(source.text, first.getStart(source)) : ' ';
  return [insertAt(first.getStart(source), `imports: ${list([entry], margin, style)},${separator}`)];
}

function addElement(array: ts.ArrayLiteralExpression, { source, entry, style }: Place): TextEdit[] {
  const { elements } = array;
  const last = elements.at(-1);
  const inner = source.text.slice(array.getStart(source) + 1, array.getEnd() - 1);
  const margin = marginAt(source.text, array.getStart(source));
  const isPlain = !/\/[/*]/.test(inner.replaceAll(/'[^']*'|"[^"]*"/g, ''));
  if (last === undefined || (!inner.includes('\n') && isPlain)) {
    const texts = elements.map((element) => element.getText(source));
    return [{ start: array.getStart(source), end: array.getEnd(), text: list([...texts, entry], margin, style) }];
  }
  const elementMargin = marginAt(source.text, last.getStart(source));
  const placed = elementMargin + withMargin(entry, elementMargin);
  const lineStart = source.text.lastIndexOf('\n', array.getEnd() - 1) + 1;
  const bracketStandsAlone = source.text.slice(lineStart, array.getEnd() - 1).trim() === '';
  const comma = elements.hasTrailingComma ? '' : ',';
  if (!bracketStandsAlone) return [insertAt(array.getEnd() - 1, comma + style.newline + placed)];
  // A comment behind the last element stays there: what is new begins on the line of the bracket.
  return [insertAt(last.getEnd(), comma), insertAt(lineStart, `${placed},${style.newline}`)];
}

function list(entries: readonly string[], margin: string, { indent, newline }: TextStyle): string {
  const lines = entries.map((entry) => `${margin}${indent}${withMargin(entry, margin + indent)},${newline}`);
  return `[${newline}${lines.join('')}${margin}]`;
}
