import type { AuthTracer } from '../tracing/auth-tracer.js';
import { DocumentFetchError, type FetchedDocument } from './fetch-document.js';

/** Fetches a key set within a span that says where from, and what the server answered. */
export function inFetchSpan(
  tracer: AuthTracer,
  issuer: string,
  url: string,
  fetch: () => Promise<FetchedDocument>,
): Promise<FetchedDocument> {
  return tracer.span('auth.keys.fetch', 'client', async (span) => {
    span.set({ 'auth.issuer': issuer, 'server.address': hostOf(url) });
    try {
      const fetched = await fetch();
      span.set({ 'http.response.status_code': 200 });
      return fetched;
    } catch (error) {
      if (error instanceof DocumentFetchError && error.status !== undefined) {
        span.set({ 'http.response.status_code': error.status });
      }
      span.fail();
      throw error;
    }
  });
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : '';
}
