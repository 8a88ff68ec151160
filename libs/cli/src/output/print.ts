import { UnexpectedAnswerError } from '@nmp/sdk';
import type { CommandContext } from '../context.js';
import type { OutputFormat } from './output-format.js';
import { jsonOf, yamlOf } from './plain-data.js';
import type { Table } from './table.js';

const LONGEST_CELL = 60;

/**
 * Prints a command's data the way the person asked for.
 * @param table What a person sees, and what the other formats of tables hold; json and yaml print the data itself.
 */
export async function printData(context: CommandContext, data: unknown, table: () => Table): Promise<void> {
  const text = await textOf(context.format, context.truncates, data, table).catch((error: unknown) => {
    if (!(error instanceof RangeError)) throw error; // the stack's
    throw new UnexpectedAnswerError('The answer is nested too deeply to be shown. Check the address (--base-url)');
  });
  context.world.stdout.write(text);
}

async function textOf(format: OutputFormat, truncates: boolean, data: unknown, table: () => Table): Promise<string> {
  if (format === 'json') return jsonOf(data);
  if (format === 'yaml') return yamlOf(data);
  if (format === 'table') return (await import('./table.js')).renderTable(table(), truncates ? LONGEST_CELL : Infinity);
  const { csvOf, markdownOf, rawOf } = await import('./plain-tables.js');
  return { csv: csvOf, markdown: markdownOf, raw: rawOf }[format](table());
}

/**
 * Prints how a command ended for programs; a person has been told in words.
 * @param data Its fields, or several of the same kind.
 */
export async function printOutcome(context: CommandContext, data: Outcome | readonly Outcome[]): Promise<void> {
  if (context.format === 'table') return;
  await printData(context, data, () => {
    if (!isList(data)) return { rows: Object.entries(data).map(([name, value]) => [name, cellOf(value)]) };
    return { head: Object.keys(data[0] ?? {}), rows: data.map((entry) => Object.values(entry).map(cellOf)) };
  });
}

type Outcome = Readonly<Record<string, string | boolean | null | readonly string[]>>;

function isList(data: Outcome | readonly Outcome[]): data is readonly Outcome[] {
  return Array.isArray(data);
}

function cellOf(value: Outcome[string]): string {
  return typeof value === 'object' ? (value ?? []).join(' ') : String(value);
}
