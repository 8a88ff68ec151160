export {
  TestIssuer,
  type AccessTokenInput,
  type HopTokenInput,
  type Outage,
  type TestIssuerOptions,
} from './test-issuer.js';
export { StaticPolicyDecisionPoint, type Grants } from './static-policy-decision-point.js';
export { SigningKey, signJws, type PublicJwk } from './signing-key.js';
