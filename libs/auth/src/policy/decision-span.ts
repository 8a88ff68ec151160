import type { AuthTracer } from '../tracing/auth-tracer.js';
import { noteFailure } from '../tracing/note-failure.js';
import type { PermissionQuery } from './policy-decision-point.js';

/** Decides within a span that says what was asked for, and what came of it: not for whom, and not where. */
export function inDecisionSpan(
  tracer: AuthTracer,
  queries: readonly PermissionQuery[],
  decide: () => true | Promise<true>,
): Promise<true> {
  return tracer.span<true>('auth.decide', 'internal', async (span) => {
    span.set({ 'auth.permissions': [...new Set(queries.flatMap(({ permissions }) => permissions))] });
    try {
      await decide();
      span.set({ 'auth.outcome': 'ok' });
      return true;
    } catch (error) {
      noteFailure(span, error);
      throw error;
    }
  });
}
