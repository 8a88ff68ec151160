import { X509Certificate } from 'node:crypto';
import type { HttpRequest } from './http.js';

// A symbol: nothing a client sends ends up under it.
const forwarded = Symbol.for('@nmp/auth:client-certificate');

interface Marked {
  [forwarded]?: string;
}

/** Notes on a request what its gateway says of the client's certificate: the header itself is not left on it. */
export function noteForwardedCertificate(request: object, value: string): void {
  (request as Marked)[forwarded] = value;
}

/** The certificate that {@link noteForwardedCertificate} has noted, in DER; `undefined` for what is no certificate. */
export function forwardedCertificateOf(request: object): Buffer | undefined {
  const value = (request as Marked)[forwarded];
  return value === undefined ? undefined : readCertificate(value);
}

/** The certificate that the client presented in TLS, in DER, where TLS ends here. */
export function peerCertificateOf({ socket }: Pick<HttpRequest, 'socket'>): Buffer | undefined {
  return socket?.getPeerX509Certificate?.()?.raw;
}

/**
 * Reads the header of a gateway: the binary item of a structured field, or PEM in URL encoding, as nginx has it in
 * `$ssl_client_escaped_cert`.
 * @see RFC 9440 §2.2, RFC 9651 §3.3.5
 */
function readCertificate(value: string): Buffer | undefined {
  const item = /^:([A-Za-z0-9+/]+={0,2}):$/.exec(value)?.[1];
  const der = item === undefined ? pemContent(value) : Buffer.from(item, 'base64');
  return der !== undefined && isCertificate(der) ? der : undefined;
}

function pemContent(value: string): Buffer | undefined {
  if (!/^-----BEGIN(?:%20| )CERTIFICATE-----/.test(value) || /%(?![0-9A-Fa-f]{2})|%[89A-Fa-f]/.test(value))
    return undefined;
  const [, content] =
    /^-----BEGIN CERTIFICATE-----\s([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----\s*$/.exec(decodeURIComponent(value)) ??
    [];
  return content === undefined ? undefined : Buffer.from(content, 'base64');
}

/** Exactly one certificate: what follows it would be part of the digest, too. */
function isCertificate(der: Buffer): boolean {
  try {
    return new X509Certificate(der).raw.equals(der);
  } catch {
    return false; // it cannot be parsed
  }
}
