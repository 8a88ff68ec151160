import { getSystemErrorMap } from 'node:util';

/** A reason why the provider cannot start, in one line a person can act on. */
export class DevIdpError extends Error {
  override readonly name = 'DevIdpError';
}

/** The code of an error that Node raised (`EADDRINUSE`, `ENOENT` …), if it has one. */
export function systemErrorCode(error: unknown): string | undefined {
  // Not by `instanceof`: the error may come from another realm, as it does in tests.
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** What Node says about an error of the system, its code and in words: `EACCES, permission denied`. */
export function systemErrorReason(error: unknown): string {
  const code = systemErrorCode(error);
  if (code === undefined) return 'unknown error';
  const description = [...getSystemErrorMap().values()].find(([name]) => name === code)?.[1];
  return description === undefined ? code : `${code}, ${description}`;
}
