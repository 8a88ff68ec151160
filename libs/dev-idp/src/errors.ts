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
