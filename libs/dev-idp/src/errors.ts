/** A reason why the provider cannot start, in one line a person can act on. */
export class DevIdpError extends Error {
  override readonly name = 'DevIdpError';
}

/** The system's code of a failed call (`EADDRINUSE`, `ENOENT` …), if it has one. */
export function systemErrorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
