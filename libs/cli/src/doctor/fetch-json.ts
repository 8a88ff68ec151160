import type { Clock, HttpContext } from '@nmp/sdk';
import { NeMoError, networkProblem, readCappedBody, requestSignal } from '@nmp/sdk';

/** What came of a request for a JSON document. */
export interface FetchedJson {
  readonly url: string;
  /** The object; absent when there is none. */
  readonly document?: Readonly<Record<string, unknown>>;
  /** Why there is none. */
  readonly problem?: string;
  /** Whether a server answered at all. */
  readonly answered: boolean;
  readonly status?: number;
  /** How far the server's clock is ahead of this machine's, in seconds. */
  readonly clockAheadSeconds?: number;
}

/**
 * Fetches a document that should be a JSON object; no redirect is followed.
 * @throws {ConfigError} when a setting is in the way. Whatever servers do is told.
 */
export async function fetchJson(url: string, http: HttpContext, clock: Clock): Promise<FetchedJson> {
  let response: Response;
  let text: string | undefined;
  const asked = clock.now().getTime();
  try {
    const init = { headers: { accept: 'application/json' }, redirect: 'manual', signal: requestSignal(http) } as const;
    response = await http.fetch(url, init);
    text = await readCappedBody(response);
  } catch (error) {
    http.signal?.throwIfAborted();
    if (error instanceof NeMoError) throw error; // no server's fault
    return { url, answered: false, problem: networkProblem(error) };
  }
  const { status } = response;
  const ahead = clockAhead(response.headers, asked, clock.now().getTime());
  const seen = { url, answered: true, status, ...(ahead === undefined ? {} : { clockAheadSeconds: ahead }) };
  if (status !== 200) return { ...seen, problem: wordsOf(response, url) };
  const document = objectOf(text);
  return document ? { ...seen, document } : { ...seen, problem: 'its answer is not a JSON object' };
}

function wordsOf({ status, headers }: Response, url: string): string {
  const location = headers.get('location');
  if (location === null || !URL.canParse(location, url)) return `HTTP ${status}`;
  const { origin, pathname } = new URL(location, url);
  return `HTTP ${status}, a redirect to ${origin}${pathname}`;
}

/** The `Date` of an answer has whole seconds, and was written somewhere between question and answer. @see RFC 9110 §6.6.1 */
function clockAhead(headers: Headers, asked: number, answered: number): number | undefined {
  const written = Date.parse(headers.get('date') ?? '') + Number(headers.get('age') ?? 0) * 1000;
  if (Number.isNaN(written)) return undefined;
  if (written > answered) return Math.round((written - answered) / 1000);
  return written + 1000 < asked ? -Math.round((asked - written) / 1000) : 0;
}

function objectOf(text: string | undefined): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text ?? '');
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? (value as Record<string, unknown>) : undefined; // JSON objects have string keys
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
