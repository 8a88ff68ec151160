export { type Algorithm, algorithmNames, algorithms, type AlgorithmSpec, isAcceptedAlgorithm } from './algorithms.js';
export { acrValuesOf, meetsAuthContext, type AuthContextRequirement } from './auth-context.js';
export {
  parseAuthorization,
  type AuthorizationCredentials,
  type AuthorizationScheme,
} from './authorization-credentials.js';
export { parseBearerToken } from './bearer-token.js';
export {
  authorizedPartyOf,
  checkClaims,
  expiryOf,
  hasAudience,
  validUntil,
  type ClaimExpectations,
  type TokenProfile,
} from './claim-checks.js';
export { principalOfClaims, type ClaimMapping, type MappingNotice } from './claim-mapping.js';
export { claimPath, isClaimPath, readClaim, stringsOfClaim, type Claims, type ClaimSetting } from './claims.js';
export {
  checkConfirmation,
  confirmationOf,
  type Confirmation,
  type ConfirmationExpectations,
  type ConfirmationMethod,
} from './confirmation.js';
export { type DpopExpectations, type DpopProof, verifyDpopProof } from './dpop-proof.js';
export { comparableUri, requestUri } from './dpop-uri.js';
export {
  AccessDeniedError,
  AuthConfigError,
  AuthError,
  DpopNonceRequiredError,
  InsufficientScopeError,
  InvalidDpopProofError,
  InvalidRequestError,
  InvalidTokenError,
  isAuthError,
  IssuerUnavailableError,
  MissingTokenError,
  OverloadedError,
  PolicyTimeoutError,
  PolicyUnavailableError,
  StepUpRequiredError,
} from './errors.js';
export {
  authErrorCodes,
  type AuthErrorCode,
  type InvalidDpopProofReason,
  type InvalidTokenReason,
} from './error-codes.js';
export {
  IDENTITY_HEADER_LIMITS,
  IDENTITY_HEADERS,
  identityHeaders,
  isIdentityHeader,
  type IdentityHeader,
} from './identity-headers.js';
export { identityFetch, type IdentityFetch, setIdentityHeaders } from './outgoing-identity.js';
export { principalOfIdentityHeaders, type IdentityHeaderValues } from './trusted-identity.js';
export {
  discoveryUrls,
  isEndpointUrl,
  issuerNearMiss,
  isLoopbackHost,
  isSecureUrl,
  parseUrl,
  TENANT,
} from './issuers.js';
export {
  decodeClaims,
  decodeJoseHeader,
  decodeSignature,
  decodeUnverifiedClaims,
  decodeUnverifiedJws,
  MAX_TOKEN_LENGTH,
  splitCompactJws,
  type CompactJwsParts,
  type JoseHeader,
  type UnverifiedJws,
} from './jws.js';
export {
  allowInput,
  permissionsInput,
  roleInput,
  withoutQuery,
  type AllowInput,
  type AllowQuestion,
  type CallerInput,
  type PermissionsInput,
  type PermissionsQuestion,
  type PolicyCaller,
  type RoleInput,
  type RoleQuestion,
} from './policy-input.js';
export { jwkThumbprint } from './jwk-thumbprint.js';
export { mappedIPv4 } from './mapped-address.js';
export {
  mintedClaimsOf,
  originalTokenOf,
  principalOfMintedClaims,
  sharesUsersByClaims,
  type MintedTokenKind,
  type OriginalToken,
} from './minted-claims.js';
export { MINTED_TOKEN_TYPES, tokenKindOf, type TokenKind } from './token-kind.js';
export { isReservedName } from './reserved-names.js';
export { anonymousPrincipal, type Principal } from './principal.js';
export { fitsIssuer, isPrivate, type PublicKey, publicKeyOf, verifySignature } from './public-key.js';
export { providerOf, type Provider, type ProviderName } from './providers.js';
export { proxyFor } from './proxy-settings.js';
export {
  addScopePrefix,
  areaOf,
  meetsScopes,
  missingScopes,
  normalizeScopePrefix,
  parseScopes,
  PLATFORM_AREA,
  PLATFORM_AREAS,
  scopesOfClaims,
  stripScopePrefix,
  type ScopeEnforcement,
  type ScopeHierarchy,
  type ScopePolicy,
  type ScopeRequirement,
} from './scopes.js';
export {
  isUnsignedToken,
  principalOfUnsignedClaims,
  principalOfUnsignedToken,
  UNSIGNED_TOKENS,
  unsignedClaims,
  writeUnsignedToken,
  type UnsignedIdentity,
  type UnsignedTimes,
} from './unsigned-token.js';
