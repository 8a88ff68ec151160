import { createHash, timingSafeEqual } from 'node:crypto';
import { InvalidTokenError } from '@nmp/tokens';

/**
 * Checks that a token is bound to the certificate that its sender presented.
 * @param digest the SHA-256 of the certificate that the token names, in base64url
 * @param certificate in DER
 * @throws {InvalidTokenError} reason `claims`: there is no certificate, or another.
 * @see RFC 8705 §3.1
 */
export function checkCertificate(digest: string, certificate: Buffer | undefined): void {
  if (certificate === undefined) {
    throw new InvalidTokenError('claims', 'the token is bound to a client certificate, and none was presented');
  }
  const presented = createHash('sha256').update(certificate).digest();
  const expected = Buffer.from(digest, 'base64url');
  if (presented.length !== expected.length || !timingSafeEqual(presented, expected)) {
    throw new InvalidTokenError('claims', 'the token is bound to another client certificate');
  }
}
