import type { Evidence } from '../possession/evidence.js';
import type { MtlsConfig } from '../possession-config.js';
import { forwardedCertificateOf, peerCertificateOf } from './client-certificate.js';
import type { HttpRequest } from './http.js';

/** What an HTTP request, or a call in the form of one, has to show for a token that is bound to a key. */
export function evidenceOf(request: HttpRequest, mtls: MtlsConfig | undefined): Evidence {
  const node = request.raw ?? request;
  return {
    request,
    method: request.method,
    target: request.originalUrl ?? request.url, // Express changes the latter on the way to the handler
    proofs: valuesOf('dpop', node.rawHeaders ?? []),
    certificate() {
      // A message may be passed on by the peer of its connection, or by a broker: the certificate is not its sender's.
      if (mtls === undefined || request.isMessage === true) return undefined;
      return mtls.source === 'header' ? forwardedCertificateOf(node) : peerCertificateOf(node);
    },
  };
}

function valuesOf(header: string, rawHeaders: readonly string[]): string[] {
  return rawHeaders.filter((_, at) => at % 2 === 1 && rawHeaders[at - 1]?.toLowerCase() === header);
}
