import type { Principal } from '@nmp/tokens';
import type { CredentialKind } from '../events/auth-event.js';
import type { AuthTracer } from '../tracing/auth-tracer.js';
import { noteFailure } from '../tracing/note-failure.js';

/** Verifies a token within a span that says what came of it: nothing that a token says, unless it is a good one. */
export function inVerificationSpan(
  tracer: AuthTracer,
  verify: () => Promise<Principal>,
  kindOf: (principal: Principal) => CredentialKind,
): Promise<Principal> {
  return tracer.span('auth.verify', 'internal', async (span) => {
    try {
      const principal = await verify();
      span.set({ 'auth.outcome': 'ok', 'auth.issuer': principal.issuer, 'auth.token_kind': kindOf(principal) });
      return principal;
    } catch (error) {
      noteFailure(span, error);
      throw error;
    }
  });
}
