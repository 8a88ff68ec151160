export { AuthModule, type AuthOptionsFactory } from './auth.module.js';
export type { AuthModuleExtras } from './auth.module-definition.js';
export { AuthModuleOptions, TrustedHeadersOptions, type FetchFunction } from './auth-options.js';
export { HopOptions } from './hop-options.js';
export { AdditionalIssuerOptions, OidcOptions } from './oidc-options.js';
export { ServiceClientOptions } from './service-client-options.js';
export { WorkloadOptions, type KeyReader } from './workload-options.js';
export { AuthConfig, type PublishedConfig } from './auth-config.js';
export type { IssuerConfig, IssuerSource, MintedIssuerConfig, ProviderConfig } from './issuer-config.js';
export {
  MemoryRevocation,
  RedisRevocation,
  type RevocableToken,
  type Revocation,
  type RevocationRedis,
} from './revocation.js';
export { Clock, systemClock } from './clock.js';
export { AuthHttpException, type AuthErrorBody } from './http/auth-http.exception.js';
export {
  OptionalAuth,
  Principal,
  Public,
  RequireAnyScope,
  RequireAudience,
  RequireAuthContext,
  RequirePermissions,
  RequireScopes,
  WorkspaceScoped,
} from './http/auth.decorators.js';
export type { DiscoveryDocument } from './http/discovery.controller.js';
export { from, type ValueSource } from './http/value-source.js';
export { OpaPolicyDecisionPoint, type OpaPolicyOptions } from './policy/opa-policy-decision-point.js';
export { RemotePolicyDecisionPoint, type RemotePolicyOptions } from './policy/remote-policy-decision-point.js';
export type { PolicyServerOptions } from './policy/policy-server.js';
export type { ServiceCredentials } from './policy/service-token.js';
export { policyCallerOf, sharesUsers } from './policy/known-users.js';
export {
  type PermissionQuery,
  PLATFORM_WORKSPACE,
  PolicyDecisionPoint,
  type RequestQuery,
} from './policy/policy-decision-point.js';
export { principalOfRequest } from './http/request-principal.js';
export { environmentFetch, type EnvironmentFetchOptions } from './environment-fetch.js';
export type { KeySetEvents } from './keys/key-set.js';
export { keySetLog, type KeySetLogger } from './keys/key-set-log.js';
export { JwtStrategy } from './token/jwt.strategy.js';
export { RefusalLog, type RefusalSink } from './token/refusal-log.js';
export { standaloneVerifier, type StandaloneVerifier } from './token/standalone-verifier.js';
export {
  AccessDeniedError,
  AuthConfigError,
  AuthError,
  identityFetch,
  identityHeaders,
  InsufficientScopeError,
  InvalidRequestError,
  InvalidTokenError,
  isAuthError,
  IssuerUnavailableError,
  MissingTokenError,
  PolicyTimeoutError,
  PolicyUnavailableError,
  setIdentityHeaders,
  StepUpRequiredError,
  type Algorithm,
  type AuthContextRequirement,
  type AuthErrorCode,
  type Claims,
  type ClaimSetting,
  type InvalidTokenReason,
  type ScopeEnforcement,
  type ScopeHierarchy,
  type TokenProfile,
} from '@nmp/tokens';
