import { readCappedBody } from '../capped-body.js';
import type { Clock } from '../clock.js';
import { NeMoError } from '../errors.js';
import { NetworkFailure } from '../network-problem.js';
import { normalizeAnswer } from './normalize-answer.js';
import { retryAfterSeconds } from './retry-after.js';

/** The fetch of the OAuth library: whatever a provider answers, the library sees a conforming JSON answer. Follows no redirect. */
export function normalizingFetch(
  fetchFunction: typeof fetch,
  clock: Clock,
): (url: string, init: RequestInit) => Promise<Response> {
  return async (url, init) => {
    const { response, text } = await exchange(() => fetchFunction(url, { ...init, redirect: 'manual' }));
    const answer = normalizeAnswer({
      status: response.status,
      contentType: response.headers.get('content-type') ?? 'none',
      text,
      retryAfterSeconds: retryAfterSeconds(response.headers, clock.now()),
    });
    return Response.json(answer.body, { status: answer.status });
  };
}

async function exchange(send: () => Promise<Response>): Promise<{ response: Response; text: string | undefined }> {
  try {
    const response = await send();
    return { response, text: await readCappedBody(response) };
  } catch (cause) {
    if (cause instanceof NeMoError) throw cause;
    throw new NetworkFailure('No answer came', { cause });
  }
}
