import { UsageError } from '../../../usage-error.js';

const units: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** A length of time as people write it: `7d`, `12h`, `30m`, `600s`, or plain seconds. @throws {UsageError} for anything else. */
export function secondsOf(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const [, amount, unit = 's'] = /^(\d{1,9})([smhd])?$/.exec(text) ?? [];
  if (amount !== undefined) return Number(amount) * (units[unit] ?? 1);
  throw new UsageError(`${option} is "${text}"; it is a length of time such as 7d, 12h, 30m or 600s`);
}
