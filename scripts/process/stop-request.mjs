const parentCheckMs = 500;

/**
 * Tells when this program should end: on Ctrl-C, on a request to terminate, when the terminal is closed, and when npm,
 * which started it through a shell, was ended without passing that on.
 *
 * @returns {AbortSignal}
 */
export function stopRequest() {
  const request = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => request.abort());
  if (process.env.npm_lifecycle_event !== undefined) watchParent(request);
  return request.signal;
}

function watchParent(request) {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid !== parent) request.abort();
  }, parentCheckMs);
  timer.unref();
}
