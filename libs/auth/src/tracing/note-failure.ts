import { isAuthError } from '@nmp/tokens';
import type { WorkSpan } from './auth-tracer.js';

/** Says in a span what became of it. To refuse somebody is no failure; to be unable to say is one. */
export function noteFailure(span: WorkSpan, error: unknown): void {
  span.set({ 'auth.outcome': isAuthError(error) ? error.code : 'error' });
  if (!isAuthError(error) || error.status >= 500) span.fail();
}
