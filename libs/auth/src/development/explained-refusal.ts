import type { AuthError } from '@nmp/tokens';
import { refusalAdvice } from './refusal-advice.js';

/** How an option of the module is called where the application has its configuration. */
export type OptionNames = (option: string) => string;

/**
 * Says what to look at when a request was refused, and where in the installed package more about it is written. Nothing
 * of the request is in it.
 * @param nameOf What the options are called.
 */
export function explainedRefusal({ code }: Pick<AuthError, 'code'>, nameOf: OptionNames): string {
  const advice = refusalAdvice[code].replaceAll(/\{([\w.]+)\}/g, (_, option: string) => nameOf(option));
  return `→ ${advice} (@nmp/auth/dist/errors.md#${code})`;
}
