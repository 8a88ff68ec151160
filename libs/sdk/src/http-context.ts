import { setMaxListeners } from 'node:events';

/** How this package reaches servers. */
export interface HttpContext {
  /** Sends the requests. */
  readonly fetch: typeof fetch;
  /** How long one request may take. */
  readonly timeoutMs: number;
  /** Ends what is under way, for instance on Ctrl-C. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * The signal of one request: the caller's, or the time limit, whichever comes first.
 *
 * Not `AbortSignal.any` with `AbortSignal.timeout`: Node 20 lets go of the two while the request still waits, and then
 * the limit never comes. A timer holds on to what it ends.
 */
export function requestSignal({ signal, timeoutMs }: Pick<HttpContext, 'signal' | 'timeoutMs'>): AbortSignal {
  const controller = new AbortController();
  const end = (reason: unknown): void => {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
    controller.abort(reason);
  };
  const onAbort = (): void => end(signal?.reason);
  const timer = setTimeout(() => end(new DOMException('no answer in time', 'TimeoutError')), timeoutMs);
  timer.unref();
  if (signal?.aborted) onAbort();
  else if (signal) {
    // Every request of the last seconds listens; Node would warn of the eleventh.
    setMaxListeners(0, signal);
    signal.addEventListener('abort', onAbort);
  }
  return controller.signal;
}
