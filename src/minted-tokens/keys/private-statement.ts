/**
 * Runs a statement whose parameters nobody may get to see: what the database's layers say of a failure repeats them.
 * @throws {Error} with the driver's code, where it has one, and nothing else of the failure.
 */
export async function withoutParameters<T>(statement: () => PromiseLike<T>): Promise<T> {
  try {
    return await statement();
  } catch (error) {
    throw statementError(error);
  }
}

function statementError(error: unknown): Error {
  const code = codeOf(error);
  const failure = new Error(`The signing keys cannot be read or stored${code === undefined ? '' : ` (${code})`}`);
  // Told by its code whether the database is away.
  return code === undefined ? failure : Object.assign(failure, { code });
}

function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : codeOf(error.cause);
}
