import { printable } from '@nmp/sdk';
import type { Table } from './table.js';

// Line breaks and tabs are what a quoted cell is for; the rest would reach the terminal.
const controls = /(?![\t\r\n])[\p{Cc}\p{Bidi_Control}]/gu;

const fieldNames = ['Field', 'Value'];

/** Comma-separated values; a table without a heading is one of fields and values. @see RFC 4180 */
export function csvOf({ head = fieldNames, rows }: Table): string {
  return linesOf(rows.length === 0 ? [head] : [head, ...rows], (cells) => cells.map(csvCell).join(','));
}

/** A table of GitHub's Markdown. */
export function markdownOf({ head = fieldNames, rows }: Table): string {
  return linesOf(
    [head, head.map(() => '---'), ...rows.map((row) => row.map(markdownCell))],
    (cells) => `| ${cells.join(' | ')} |`,
  );
}

/** Cells alone, between tabs: for `cut` and `while read`. */
export function rawOf({ rows }: Table): string {
  return linesOf(rows, (cells) => cells.map(oneLine).join('\t'));
}

function linesOf(rows: readonly (readonly string[])[], line: (cells: readonly string[]) => string): string {
  return rows.map((row) => `${line(row)}\n`).join('');
}

function csvCell(value: string): string {
  const cell = value.replaceAll(controls, ' ');
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

function markdownCell(cell: string): string {
  return oneLine(cell).replaceAll(/[\\|<`*_[\]]/g, '\\$&');
}

/** What servers said is made harmless. */
function oneLine(cell: string): string {
  return printable(cell, 100_000);
}
