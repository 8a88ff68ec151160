import type { Clock } from './clock.js';

/**
 * Runs work that is ended by a signal only some time after the signal came: an answer that is on its way still arrives.
 * @throws The signal's reason when it came before the work.
 */
export async function withGracePeriod<T>(
  signal: AbortSignal | undefined,
  milliseconds: number,
  clock: Clock,
  work: (late: AbortSignal) => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted();
  const late = new AbortController();
  const over = new AbortController();
  const onAbort = (): void => {
    clock.sleep(milliseconds, over.signal).then(
      () => late.abort(signal?.reason),
      () => undefined, // the work was done before
    );
  };
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    return await work(late.signal);
  } finally {
    signal?.removeEventListener('abort', onAbort);
    over.abort();
  }
}
