import { IDENTITY_HEADERS, type IdentityHeader, InvalidRequestError, isIdentityHeader } from '@nmp/tokens';
import type { HttpRequest } from '../carriers/http.js';

const nameByHeader = new Map<string, IdentityHeader>(IDENTITY_HEADERS.map((name) => [name.toLowerCase(), name]));

/**
 * The identity headers of a request, each as it was written.
 * @throws {InvalidRequestError} when one was sent twice, or in a spelling that some program takes for it.
 */
export function identityHeaderValues(request: HttpRequest): Partial<Record<IdentityHeader, string>> {
  const values: Partial<Record<IdentityHeader, string>> = {};
  for (const [name, value] of identityHeadersOf(request)) {
    const header = nameByHeader.get(name.toLowerCase());
    // A spelling that some proxy folds, or a second header, is what a client smuggled past the gateway.
    if (header === undefined || values[header] !== undefined) {
      const message = `Header ${header ?? 'X-NMP-*'} was sent more than once or in another spelling`;
      throw new InvalidRequestError(message, { detail: message });
    }
    values[header] = value;
  }
  return values;
}

/** The raw list of Node keeps what its joined form hides: a header that came twice. */
function* identityHeadersOf(request: HttpRequest): Generator<[string, string]> {
  const raw = request.raw?.rawHeaders ?? request.rawHeaders ?? [];
  for (let at = 0; at < raw.length; at += 2) {
    const name = raw[at] ?? '';
    if (isIdentityHeader(name)) yield [name, raw[at + 1] ?? ''];
  }
}
