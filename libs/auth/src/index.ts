export { AuthModule, type AuthOptionsFactory } from './auth.module.js';
export type { AuthModuleExtras } from './auth.module-definition.js';
export { AuthModuleOptions, TrustedHeadersOptions, type FetchFunction } from './auth-options.js';
export { AccessKeyOptions } from './access-key-options.js';
export { DpopNonceOptions, DpopOptions } from './dpop-options.js';
export { HopOptions } from './hop-options.js';
export { MtlsOptions } from './mtls-options.js';
export { AdditionalIssuerOptions, OidcOptions } from './oidc-options.js';
export { OpaqueTokenOptions } from './opaque-token-options.js';
export { ServiceClientOptions } from './service-client-options.js';
export { WorkloadOptions, type KeyReader } from './workload-options.js';
export type { OptionNames } from './development/explained-refusal.js';
export { AuthConfig, type PublishedConfig } from './auth-config.js';
export type { IssuerConfig, IssuerSource, MintedIssuerConfig, ProviderConfig } from './issuer-config.js';
export {
  MemoryRevocation,
  RedisRevocation,
  type RevocableToken,
  type Revocation,
  type RevocationRedis,
} from './revocation.js';
export {
  MemoryReplayStore,
  RedisReplayStore,
  type MemoryReplayStoreBounds,
  type ProofReplayStore,
  type ReplayRedis,
  type UsedProof,
} from './replay-store.js';
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
export { AuthorizedClient, type MessageClient } from './messages/authorized-client.js';
export type { TokenSource } from './messages/bearer-headers.js';
export { type CallerHeaders, headersOfCaller } from './messages/current-caller.js';
export { ForwardCaller } from './messages/forward-caller.interceptor.js';
export { ForwardingError, type ForwardingReason } from './messages/forwarding-error.js';
export { grpcCredentials, grpcCredentialsOfCaller, type GrpcInterceptor } from './messages/grpc-credentials.js';
export { AuthDescription, type AuthDescriptionOptions } from './openapi/auth-description.service.js';
export type { SwaggerSignIn } from './openapi/swagger-sign-in.js';
export type { ApiDocument } from './openapi/api-document.js';
export { principalOfSocket } from './carriers/ws.js';
export { type SocketExpiry, WebSocketOptions } from './websocket-options.js';
export { principalOfRequest } from './http/request-principal.js';
export { environmentFetch, type EnvironmentFetchOptions } from './environment-fetch.js';
export type { AuthEvent, AuthEventListener, AuthTransport, CredentialKind } from './events/auth-event.js';
export { AuthEvents } from './events/auth-events.js';
export { IssuerKeys, type IssuerKeysState } from './keys/issuer-keys.js';
export type { KeySetState } from './keys/key-set.js';
export type { KeySetEvents, RefreshedKeys } from './keys/key-set-events.js';
export { keySetLog, type KeySetLogger } from './keys/key-set-log.js';
export { tokenKindOfPrincipal } from './token/token-kind-of-principal.js';
export { JwtStrategy } from './token/jwt.strategy.js';
export { RefusalLog, type RefusalExplanation, type RefusalSink } from './token/refusal-log.js';
export { standaloneVerifier, type StandaloneVerifier } from './token/standalone-verifier.js';
export {
  AccessDeniedError,
  AuthConfigError,
  AuthError,
  authErrorCodes,
  DpopNonceRequiredError,
  identityFetch,
  identityHeaders,
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
  setIdentityHeaders,
  StepUpRequiredError,
  type Algorithm,
  type AuthContextRequirement,
  type AuthErrorCode,
  type Claims,
  type ClaimSetting,
  type InvalidDpopProofReason,
  type InvalidTokenReason,
  type ScopeEnforcement,
  type ScopeHierarchy,
  type TokenProfile,
} from '@nmp/tokens';
