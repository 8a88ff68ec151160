export { TestIssuer, type TestIssuerOptions } from './test-issuer.js';
export type { AccessTokenInput, HopTokenInput } from './token-input.js';
export { StaticPolicyDecisionPoint, type Grants } from './static-policy-decision-point.js';
export type { Outage } from './outage.js';
export { type EndpointAnswer, type EndpointRequest, TestEndpoint } from './test-endpoint.js';
export { SigningKey, signJws, type PublicJwk } from './signing-key.js';
export { ProofKey, type ProofInput } from './proof-key.js';
