/**
 * Whether something failed because the database could not be reached, went away in the middle of it, did not answer in
 * time, or has no room left: not the caller's doing, and worth another try later.
 * @see https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
export function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as { code?: unknown };
  const isAway = typeof code === 'string' && (stateCodes.test(code) || connectionCodes.has(code));
  return isAway || sentences.some((sentence) => error.message.startsWith(sentence)) || isDatabaseAway(error.cause);
}

// Connection exceptions, no resources, shut down or not yet started, cancelled, given up in a transaction, failing disk.
const stateCodes = /^(?:08|53|57P0|57014|25P0[34]|58030)/;

const connectionCodes: ReadonlySet<string> = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND']);

/** What the driver says where it has no code. */
const sentences = [
  'Connection terminated',
  'Client has encountered a connection error',
  'Client was closed',
  'Query read timeout',
  'timeout exceeded when trying to connect',
];
