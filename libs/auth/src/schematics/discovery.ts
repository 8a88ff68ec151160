/** What a provider answers when it is asked what it calls itself. */
export type DiscoveryAnswer =
  { readonly kind: 'issuer'; readonly issuer: string } | { readonly kind: 'silent'; readonly why: string };

const timeoutMs = 5000;

/** Reads a provider's discovery document. Never fails: a machine need not have a network. */
export async function askProvider(issuer: string, fetchDocument: typeof fetch): Promise<DiscoveryAnswer> {
  const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  try {
    const response = await fetchDocument(url, { signal: AbortSignal.timeout(timeoutMs) });
    if (!response.ok) return { kind: 'silent', why: `${url} is answered ${response.status}` };
    const document = (await response.json()) as { issuer?: unknown } | null;
    if (typeof document?.issuer === 'string') return { kind: 'issuer', issuer: document.issuer };
    return { kind: 'silent', why: `${url} names no issuer` };
  } catch (error) {
    return { kind: 'silent', why: `${url} cannot be read: ${reasonOf(error)}` };
  }
}

/** `fetch` hides what happened in the cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
