/** A fenced code block of a Markdown document. */
export interface CodeBlock {
  readonly language: string;
  readonly text: string;
  /** The line of the opening fence, from 1. */
  readonly line: number;
}

/** Finds the fenced code blocks of a document. @throws {Error} when a fence is not closed */
export function codeBlocks(markdown: string): CodeBlock[] {
  const blocks: CodeBlock[] = [];
  let open: { language: string; line: number; text: string[] } | undefined;
  for (const [index, line] of markdown.split('\n').entries()) {
    const fence = /^```(.*)$/.exec(line);
    if (fence === null) {
      open?.text.push(line);
    } else if (open === undefined) {
      open = { language: fence[1] ?? '', line: index + 1, text: [] };
    } else {
      blocks.push({ ...open, text: `${open.text.join('\n')}\n` });
      open = undefined;
    }
  }
  if (open !== undefined) throw new Error(`The code block of line ${open.line} is not closed`);
  return blocks;
}
