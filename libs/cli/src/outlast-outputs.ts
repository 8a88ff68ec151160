interface Outputs {
  readonly stdout: NodeJS.EventEmitter;
  readonly stderr: NodeJS.EventEmitter & { write(text: string): unknown };
}

/**
 * Lets the program finish its work though nobody hears what it says any more, as with `nemo … | head`: a token that is on its
 * way is still stored, and a sign-in still revoked.
 * @param onFailure Told when the data cannot be written for another reason, such as a full disk. It says what to do.
 */
export function outlastOutputs({ stdout, stderr }: Outputs, onFailure: () => string): void {
  stderr.on('error', () => undefined);
  let hasFailed = false;
  stdout.on('error', ({ code, message }: NodeJS.ErrnoException) => {
    if (code === 'EPIPE' || hasFailed) return; // whoever read it has seen enough
    hasFailed = true;
    stderr.write(`Error: The output cannot be written (${code ?? message}). ${onFailure()}\n`);
  });
}
