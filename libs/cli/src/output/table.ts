import { printable } from '@nmp/sdk';

/** Rows of text under a heading, or without one. */
export interface Table {
  readonly head?: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

const noLines = Object.fromEntries(
  ['top', 'bottom', 'left', 'right', 'mid'].flatMap((side) =>
    side === 'mid'
      ? [
          ['mid', ''],
          ['mid-mid', ''],
          ['left-mid', ''],
          ['right-mid', ''],
          ['middle', '  '],
        ]
      : [
          [side, ''],
          [`${side}-mid`, ''],
          [`${side}-left`, ''],
          [`${side}-right`, ''],
        ],
  ),
) as Record<string, string>;

/**
 * Text in columns, without lines: good to read, and to cut with other programs. What servers said is made harmless.
 * @param longestCell Where the cells of a table with a heading are cut off.
 */
export async function renderTable({ head, rows }: Table, longestCell = Infinity): Promise<string> {
  const { default: CliTable } = await import('cli-table3');
  const style = { head: [], border: [], 'padding-left': 0, 'padding-right': 0 };
  const table = new CliTable({
    ...(head ? { head: head.map((name) => name.toUpperCase()) } : {}),
    chars: noLines,
    style,
  });
  table.push(...rows.map((row) => row.map((cell) => printable(cell, head ? Math.min(longestCell, 10_000) : 10_000))));
  const lines = table.toString().split('\n');
  return lines.map((line) => `${line.trimEnd()}\n`).join('');
}
