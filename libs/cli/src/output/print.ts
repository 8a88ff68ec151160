import type { CommandContext } from '../context.js';
import type { Table } from './table.js';

/**
 * Prints a command's data the way the person asked for.
 * @param table What a person sees; the other formats print the data itself.
 */
export async function printData(context: CommandContext, data: unknown, table: () => Table): Promise<void> {
  const { stdout } = context.world;
  if (context.format === 'json') {
    stdout.write(`${JSON.stringify(data, null, 2)}\n`);
  } else if (context.format === 'yaml') {
    const { stringify } = await import('yaml');
    stdout.write(stringify(data));
  } else {
    const { renderTable } = await import('./table.js');
    stdout.write(await renderTable(table()));
  }
}
