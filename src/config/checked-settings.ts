import { validateSync } from 'class-validator';

/**
 * Puts the settings that were made over the defaults of an object with rules.
 * @returns what is wrong, a line for each setting
 */
export function checkedSettings(target: object, given: Readonly<Record<string, unknown>>): string[] {
  Object.assign(target, Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)));
  return validateSync(target).flatMap(({ constraints = {} }) => Object.values(constraints).slice(0, 1));
}
