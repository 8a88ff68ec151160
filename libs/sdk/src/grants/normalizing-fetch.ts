import { readCappedBody } from '../capped-body.js';
import type { Clock } from '../clock.js';
import { normalizeAnswer } from './normalize-answer.js';
import { retryAfterSeconds } from './retry-after.js';

/** The fetch of the OAuth library: whatever a provider answers, the library sees a conforming JSON answer. Follows no redirect. */
export function normalizingFetch(
  fetchFunction: typeof fetch,
  clock: Clock,
): (url: string, init: RequestInit) => Promise<Response> {
  return async (url, init) => {
    const response = await fetchFunction(url, { ...init, redirect: 'manual' });
    const answer = normalizeAnswer({
      status: response.status,
      contentType: response.headers.get('content-type') ?? 'none',
      text: await readCappedBody(response),
      retryAfterSeconds: retryAfterSeconds(response.headers, clock.now()),
    });
    return Response.json(answer.body, { status: answer.status });
  };
}
