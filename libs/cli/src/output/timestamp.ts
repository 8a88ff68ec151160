import { UsageError } from '../usage-error.js';
import { durationText } from './time.js';

/** How points in time can be shown in tables. */
export const timestampFormats = ['iso8601', 'relative'] as const;

export type TimestampFormat = (typeof timestampFormats)[number];

/** @throws {UsageError} when the option or the environment names a format that does not exist. */
export function timestampFormatOf(
  option: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
  preferred?: string,
): TimestampFormat {
  const given = option ?? (env.NMP_TIMESTAMP_FORMAT || undefined);
  // What the file says is a wish: one that cannot be met is passed over.
  const wish = timestampFormats.find((known) => known === preferred);
  const named = given ?? wish ?? 'iso8601';
  const format = timestampFormats.find((known) => known === named);
  if (format) return format;
  const where = option === undefined ? 'NMP_TIMESTAMP_FORMAT' : '--timestamp-format';
  throw new UsageError(`${where} is "${named}"; it can be ${timestampFormats.join(', ')}`);
}

// Some platforms leave the zone out; JavaScript would take it for this machine's, and they mean UTC.
const withoutZone = /T[\d:.]+$/;

/** A point in time as it came, or how long ago it was. What is no point in time stays as it is. */
export function timeText(iso: string, format: TimestampFormat, now: Date): string {
  const elapsed = now.getTime() - Date.parse(withoutZone.test(iso) ? `${iso}Z` : iso);
  if (format === 'iso8601' || Number.isNaN(elapsed)) return iso;
  return elapsed < 0 ? `in ${durationText(-elapsed)}` : `${durationText(elapsed)} ago`;
}
