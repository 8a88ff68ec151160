/** A reason why the service cannot start: one line for the operator, no stack. Ends the process with exit code 1. */
export class StartUpError extends Error {
  override readonly name = 'StartUpError';
}
