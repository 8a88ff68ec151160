import { withoutQuery } from '@nmp/tokens';
import type { FetchFunction } from '../auth-options.js';

/** The longest document that is read, in bytes. */
const MAX_DOCUMENT_BYTES = 524_288;

/** A document of the identity provider could not be had. The message says why, for the operator. */
export class DocumentFetchError extends Error {
  override readonly name = 'DocumentFetchError';

  constructor(
    message: string,
    readonly status?: number,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** A JSON document and how long its server says it stays fresh. */
export interface FetchedDocument {
  readonly document: Record<string, unknown>;
  /** `max-age` of the answer, in seconds; `undefined` when it has none. */
  readonly maxAgeSeconds: number | undefined;
}

/** How documents are fetched. */
export interface DocumentFetching {
  readonly fetch: FetchFunction;
  /** For the whole answer, body included. */
  readonly httpTimeoutMs: number;
  /** The longest body that is read. @default MAX_DOCUMENT_BYTES */
  readonly maxBytes?: number;
}

/** What a server answered. */
export interface FetchedText {
  readonly status: number;
  readonly headers: Headers;
  /** The body of an answer 200; of others nothing is read. */
  readonly text: string;
}

/**
 * Fetches a JSON object: without following redirects, within a time and up to a size.
 * @throws {DocumentFetchError} when the answer is anything but 200 with a JSON object.
 */
export async function fetchDocument(url: string, fetching: DocumentFetching): Promise<FetchedDocument> {
  // We ask when what we hold is not enough: a cache in between must not answer with what it holds.
  const headers = { accept: 'application/json', 'cache-control': 'no-cache' };
  const answer = await fetchText(url, { headers }, fetching);
  if (answer.status !== 200) {
    throw new DocumentFetchError(`${withoutQuery(url)} answered with status ${answer.status}`, answer.status);
  }
  return { document: parseObject(url, answer.text), maxAgeSeconds: maxAgeOf(answer.headers.get('cache-control')) };
}

/**
 * Sends a request to a provider: without following redirects, within a time and up to a size of the answer.
 * @throws {DocumentFetchError} when there is no answer, or too long a one.
 */
export async function fetchText(
  url: string,
  request: RequestInit,
  { fetch, httpTimeoutMs, maxBytes = MAX_DOCUMENT_BYTES }: DocumentFetching,
): Promise<FetchedText> {
  const signal = AbortSignal.timeout(httpTimeoutMs);
  const late = new Promise<never>((_, reject) => {
    signal.addEventListener(
      'abort',
      () => reject(new DocumentFetchError(`${withoutQuery(url)} did not answer within ${httpTimeoutMs} ms`)),
      {
        once: true,
      },
    );
  });
  // The race ends the wait even if the given fetch does not heed the signal.
  return Promise.race([readAnswer(url, { ...request, redirect: 'manual', signal }, { fetch, maxBytes }), late]);
}

async function readAnswer(
  url: string,
  request: RequestInit,
  { fetch, maxBytes }: { readonly fetch: FetchFunction; readonly maxBytes: number },
): Promise<FetchedText> {
  try {
    const response = await fetch(url, request);
    const { status, headers } = response;
    if (status === 200) return { status, headers, text: await readText(url, response, maxBytes) };
    await response.body?.cancel();
    return { status, headers, text: '' };
  } catch (error) {
    if (error instanceof DocumentFetchError) throw error;
    throw new DocumentFetchError(`${withoutQuery(url)} cannot be reached: ${reasonOf(error)}`, undefined, {
      cause: error,
    });
  }
}

async function readText(url: string, response: Response, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    const bytes: Uint8Array = chunk;
    size += bytes.length;
    if (size > maxBytes) throw new DocumentFetchError(`${withoutQuery(url)} is longer than ${maxBytes} bytes`);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parseObject(url: string, text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new DocumentFetchError(`${withoutQuery(url)} is not JSON`, undefined, { cause });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new DocumentFetchError(`${withoutQuery(url)} is not a JSON object`);
  }
  return value as Record<string, unknown>; // an object, by the check above
}

function maxAgeOf(cacheControl: string | null): number | undefined {
  const seconds = /(?:^|[,\s])max-age=(\d+)/i.exec(cacheControl ?? '')?.[1];
  return seconds === undefined ? undefined : Number(seconds);
}

/** undici hides the reason of a failed fetch in `cause`. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message || String(error.cause) : error.message;
}
