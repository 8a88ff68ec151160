/**
 * Waits for a value, but no longer than the limit. A value that is there at once costs no timer.
 * @throws what `late` makes when the time is over; what was waited for goes on unheard.
 */
export async function within<T>(limitMs: number, value: T | PromiseLike<T>, late: () => Error): Promise<T> {
  if (!isPromiseLike(value)) return value;
  let timer: NodeJS.Timeout | undefined;
  const expiry = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(late()), limitMs);
  });
  try {
    return await Promise.race([value, expiry]);
  } finally {
    clearTimeout(timer);
  }
}

function isPromiseLike<T>(value: T | PromiseLike<T>): value is PromiseLike<T> {
  return (typeof value === 'object' || typeof value === 'function') && value !== null && 'then' in value;
}
