/** How a file is written, as far as what is put into it should look the same. */
export interface TextStyle {
  readonly quote: "'" | '"';
  readonly indent: string;
  readonly semicolon: ';' | '';
  readonly newline: '\n' | '\r\n';
}

/** Finds out how a TypeScript file is written; where it does not say, as Nest's own files are. */
export function styleOf(text: string): TextStyle {
  const count = (pattern: RegExp): number => text.match(pattern)?.length ?? 0;
  return {
    quote: count(/from "/g) > count(/from '/g) ? '"' : "'",
    indent: /^(\t| +)\S/m.exec(text)?.[1] ?? '  ',
    semicolon: count(/^import .*['"]\r?$/gm) > count(/^import .*['"];\r?$/gm) ? '' : ';',
    newline: text.includes('\r\n') ? '\r\n' : '\n',
  };
}

/**
 * Writes a text in another style.
 *
 * @param text in the style of Nest's own files: two blanks, single quotes, semicolons
 */
export function inStyle(text: string, { quote, indent, semicolon, newline }: TextStyle): string {
  return text
    .split('\n')
    .map((line) => line.replace(/^(?: {2})+/, (blanks) => indent.repeat(blanks.length / 2)).replace(/;$/, semicolon))
    .join(newline)
    .replaceAll("'", quote);
}

/** Every line but the first begins with `margin` in addition; empty lines stay empty. */
export function withMargin(text: string, margin: string): string {
  return text.replaceAll(/\n(?=[^\r\n])/g, `\n${margin}`);
}

/** The blanks that the line at a position begins with. */
export function marginAt(text: string, position: number): string {
  const line = text.slice(text.lastIndexOf('\n', position - 1) + 1);
  return /^[ \t]*/.exec(line)?.[0] ?? '';
}
