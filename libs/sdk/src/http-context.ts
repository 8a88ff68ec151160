/** How this package reaches servers. */
export interface HttpContext {
  readonly fetch: typeof fetch;
  /** How long one request may take. */
  readonly timeoutMs: number;
  /** Ends what is under way, for instance on Ctrl-C. */
  readonly signal?: AbortSignal | undefined;
}

/** The signal of one request: the caller's, or the time limit, whichever comes first. */
export function requestSignal(http: HttpContext): AbortSignal {
  const timeout = AbortSignal.timeout(http.timeoutMs);
  return http.signal ? AbortSignal.any([http.signal, timeout]) : timeout;
}
