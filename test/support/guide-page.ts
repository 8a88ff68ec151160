import { readFileSync } from 'node:fs';
import { type CodeBlock, codeBlocks } from './markdown-blocks.js';

/** A code block of a guide, with what the page says about how it is tried. */
export interface GuideBlock extends CodeBlock {
  /** What HTML comments right before it say: `keeps running`. */
  readonly marks: readonly string[];
  /** The file that the paragraph before it says it is. */
  readonly fileName: string | undefined;
  /** At whom it needs an account, and so cannot be executed here. */
  readonly account: string | undefined;
  /** What a shell block prints, by the text block that follows it at once. */
  readonly printed: string | undefined;
  /** Whether it is that text block. */
  readonly isOutput: boolean;
}

/** A page below `docs`, taken apart. */
export class GuidePage {
  readonly text: string;
  readonly blocks: readonly GuideBlock[];
  /** The suite that runs what is on the page: with real servers, or with packed packages. */
  readonly suite: string | undefined;
  /** The script that has that suite. */
  readonly suites: string | undefined;

  /** @param path Relative to the root of the repository. */
  constructor(
    readonly path: string,
    file: string,
  ) {
    this.text = readFileSync(file, 'utf8');
    const run = /^<!-- run by: npm run (test:interop|test:packages) -- ([\w-]+) -->$/m.exec(this.text);
    [, this.suites, this.suite] = run ?? [];
    const lines = this.text.split('\n');
    const blocks = codeBlocks(this.text);
    const next = (index: number): CodeBlock | undefined => followerOf(lines, blocks[index], blocks[index + 1]);
    this.blocks = blocks.map((block, index) => ({
      ...block,
      ...noticesAbove(lines, block.line),
      account: accountAbove(lines, block.line),
      printed: isShell(block) ? next(index)?.text : undefined,
      isOutput: index > 0 && isShell(blocks[index - 1]) && next(index - 1) === block,
    }));
  }

  /** Whether a block is executed, and not only read. */
  isExecuted(block: GuideBlock): boolean {
    const marked = block.marks.some((mark) => mark.startsWith('needs an account'));
    const isElsewhere = this.suite !== undefined && !block.marks.includes('run here');
    return isShell(block) && block.account === undefined && !marked && !isElsewhere;
  }

  /** Code that nobody would try: it does not stand between fences at the margin. */
  get hiddenCode(): string[] {
    const lines = this.text.split('\n');
    for (const { line, text } of this.blocks) lines.fill('.', line - 1, line + text.split('\n').length);
    return lines.filter(
      (line, index) => /^\s+```|^\s*~~~/.test(line) || (/^ {4}\S/.test(line) && lines[index - 1] === ''),
    );
  }
}

/** Whether a block is typed into a shell. */
export function isShell(block: CodeBlock | undefined): boolean {
  return block?.language === 'sh' || block?.language === 'bash';
}

/** The next block, when it is text and nothing stands between the two. */
function followerOf(lines: readonly string[], block: CodeBlock | undefined, next: CodeBlock | undefined) {
  if (block === undefined || next?.language !== 'text') return undefined;
  const end = block.line + block.text.split('\n').length; // the line of the closing fence
  return lines.slice(end, next.line - 1).every((line) => line === '') ? next : undefined;
}

function noticesAbove(lines: readonly string[], fence: number): Pick<GuideBlock, 'marks' | 'fileName'> {
  const above = lines.slice(0, fence - 1).toReversed();
  const marks: string[] = [];
  let paragraph = '';
  for (const line of above) {
    if (line === '' && paragraph === '') continue; // Prettier puts one between a comment and what follows
    const mark = /^<!-- (.+) -->$/.exec(line)?.[1];
    if (mark !== undefined && paragraph === '') marks.push(mark);
    else if (line === '') break;
    else if (/^(#|```|<!--)/.test(line)) break;
    else paragraph = `${line} ${paragraph}`;
  }
  return { marks, fileName: /^`([\w./-]+\.\w+)`.*: *$/.exec(paragraph.trimStart())?.[1] };
}

/** A sentence under a heading holds for everything below that heading. */
function accountAbove(lines: readonly string[], fence: number): string | undefined {
  for (const line of lines.slice(0, fence - 1).toReversed()) {
    const account = /^Needs an account at ([^.:,]+)/.exec(line)?.[1];
    if (account !== undefined || /^#+ /.test(line)) return account;
  }
  return undefined;
}
