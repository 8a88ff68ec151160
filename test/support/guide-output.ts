/** What came of a shell block. */
export interface Ran {
  /** What went to stdout and stderr, as on a terminal. */
  readonly output: string;
  readonly code: number | null;
}

const exitLine = /\n?\(exit code (\d+)\)\s*$/;

/**
 * Compares what a block did with what its page says: `…` stands for anything in a line, alone on a line for any number of
 * lines; a last line `(exit code 3)` for another exit code than 0. Blanks count as one.
 * @returns what is different, or nothing
 */
export function differenceOf(printed: string | undefined, { output, code }: Ran): string | undefined {
  const expectedCode = Number(exitLine.exec(printed ?? '')?.[1] ?? 0);
  if (code !== expectedCode) return `exit code ${code}, and it printed:\n${output}`;
  if (new RegExp(`^${patternOf(printed)}$`).test(plain(output))) return undefined;
  return `it printed:\n${plain(output)}\n\nand the page says:\n${plain(printed ?? '')}`;
}

/** Whether everything that the page says has been printed; more may come. */
export function isPrinted(printed: string | undefined, output: string): boolean {
  return new RegExp(`^${patternOf(printed)}`).test(plain(output));
}

function patternOf(printed = ''): string {
  const lines = plain(printed.replace(exitLine, '')).split('\n');
  const isOpen = lines.at(-1) === '…';
  const patterns = (isOpen ? lines.slice(0, -1) : lines).map((line, index, all) => {
    const lineBreak = index === all.length - 1 ? '' : '\n';
    return line === '…' ? '(?:.*\n)*?' : line.split('…').map(escaped).join('.*?') + lineBreak;
  });
  if (!isOpen) return patterns.join('');
  return lines.length === 1 ? '[^]*' : `${patterns.join('')}(?:\n[^]*)?`;
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

/** Text without what only makes it look good: widths of columns, blank lines around it. */
function plain(text: string): string {
  const lines = text.split('\n').map((line) => line.replaceAll(/[ \t]+/g, ' ').trim());
  return lines.join('\n').trim();
}
