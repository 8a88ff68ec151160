import { UsageError } from '../usage-error.js';

/** How data can be printed. */
export const outputFormats = ['table', 'json', 'yaml', 'csv', 'markdown', 'raw'] as const;

export type OutputFormat = (typeof outputFormats)[number];

/** @throws {UsageError} when the option or the environment names a format that does not exist. */
export function outputFormatOf(
  option: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
  preferred?: string,
): OutputFormat {
  const given = option ?? (env.NMP_OUTPUT_FORMAT || undefined);
  // What the file says is a wish: one that cannot be met is passed over.
  const wish = outputFormats.find((known) => known === preferred);
  const named = given ?? wish ?? 'table';
  const format = outputFormats.find((known) => known === named);
  if (format) return format;
  const where = option === undefined ? 'NMP_OUTPUT_FORMAT' : '--output-format';
  throw new UsageError(`${where} is "${named}"; it can be ${outputFormats.join(', ')}`);
}
