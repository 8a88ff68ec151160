export { TestIssuer, type AccessTokenInput, type Outage, type TestIssuerOptions } from './test-issuer.js';
export { SigningKey, signJws } from './signing-key.js';
