import type ts from 'typescript';
import { insertAt, type TextEdit } from './text-edit.js';
import { marginAt } from './text-style.js';

/** Reads JSON in which there may be comments, as in `nest-cli.json` and `tsconfig.json`. @throws {Error} naming the file */
export function parseJsonText(typescript: typeof ts, path: string, text: string): Record<string, unknown> {
  const { config, error } = typescript.parseConfigFileTextToJson(path, text);
  if (error !== undefined) {
    throw new Error(`${path} is no JSON: ${typescript.flattenDiagnosticMessageText(error.messageText, ' ')}`);
  }
  return config as Record<string, unknown>; // an object, or the compiler would have had an error
}

/**
 * Puts a member into an object of a JSON text and leaves all else as it is: in its place when the members are sorted, at
 * the end otherwise.
 *
 * @param section the object's name; it is put there when it is missing
 */
export function addMember(
  typescript: typeof ts,
  text: string,
  { section, name, value }: { section: string; name: string; value: string },
): TextEdit {
  const source = typescript.parseJsonText('package.json', text);
  const root = source.statements[0]?.expression;
  if (root === undefined || !typescript.isObjectLiteralExpression(root)) throw new Error('package.json is no object');
  const member = `${JSON.stringify(name)}: ${JSON.stringify(value)}`;
  const found = root.properties.find((property) => nameOf(property) === section);
  if (found === undefined || !typescript.isPropertyAssignment(found)) {
    return addLine(source, root, `"${section}": {\n${unitOf(text)}${member}\n}`, root.properties.length);
  }
  if (!typescript.isObjectLiteralExpression(found.initializer)) throw new Error(`${section} is no object`);
  return addLine(source, found.initializer, member, placeOf(name, found.initializer));
}

function placeOf(name: string, { properties }: ts.ObjectLiteralExpression): number {
  const names = properties.map(nameOf);
  const isSorted = names.every((entry, index) => index === 0 || (names[index - 1] ?? '') <= entry);
  const next = names.findIndex((entry) => entry > name);
  return isSorted && next >= 0 ? next : names.length;
}

function addLine(source: ts.SourceFile, object: ts.ObjectLiteralExpression, line: string, place: number): TextEdit {
  const { text } = source;
  const start = object.getStart(source);
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const separator = newline + marginAt(text, start) + unitOf(text);
  const lines = line.replaceAll('\n', separator);
  const next = object.properties[place];
  if (next !== undefined) return insertAt(next.getStart(source), `${lines},${separator}`);
  const last = object.properties.at(-1);
  if (last !== undefined) return insertAt(last.getEnd(), `,${separator}${lines}`);
  const closing = newline + marginAt(text, start);
  return { start: start + 1, end: object.getEnd() - 1, text: separator + lines + closing };
}

function nameOf(property: ts.ObjectLiteralElementLike): string {
  return property.name !== undefined && 'text' in property.name ? property.name.text : '';
}

function unitOf(text: string): string {
  return /^(\t| +)"/m.exec(text)?.[1] ?? '  ';
}
