/** What stands between two positions of a text is replaced; nothing stands between equal ones. */
export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Makes all edits of a text; their positions are those of the text before. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  return edits
    .toSorted((one, other) => other.start - one.start)
    .reduce((edited, { start, end, text: inserted }) => edited.slice(0, start) + inserted + edited.slice(end), text);
}

/** Puts something between what stands before and after a position. */
export function insertAt(position: number, text: string): TextEdit {
  return { start: position, end: position, text };
}
