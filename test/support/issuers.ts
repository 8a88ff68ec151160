import { TestIssuer, type TestIssuerOptions } from '@nmp/auth/testing';

/** Starts an issuer with ES256 keys, which take a thousandth of the time that RSA keys take to make. */
export function startIssuer(options: TestIssuerOptions = {}): Promise<TestIssuer> {
  return TestIssuer.start({ algorithm: 'ES256', ...options });
}
