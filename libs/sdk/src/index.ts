export { DEFAULT_BASE_URL, parseBaseUrl } from './base-url.js';
export { type CertificateAuthority } from './certificate-authority.js';
export { systemClock, type Clock } from './clock.js';
export { ConfigDocument } from './config-document.js';
export { ConfigFile } from './config-file.js';
export { locateConfigFile, type ConfigPathSources } from './config-path.js';
export { CredentialStore, type CredentialStoreOptions, type NewSignIn } from './credential-store.js';
export { readCappedBody } from './capped-body.js';
export { discoverPlatform, type OidcDiscovery } from './discovery.js';
export { type AuthorityFinder, environmentFetch } from './environment-fetch.js';
export {
  ApiError,
  BadRequestError,
  ConfigError,
  ConflictError,
  ConnectionError,
  ForbiddenError,
  InsecureUrlError,
  NeMoError,
  NotFoundError,
  RateLimitedError,
  ServerError,
  SignedInElsewhereError,
  SignInError,
  SignInRequiredError,
  UnauthorizedError,
  UnexpectedAnswerError,
} from './errors.js';
export { SIGN_IN_SECONDS, type BrowserSignIn } from './grants/authorization-code-grant.js';
export { type DeviceCode, requestDeviceCode } from './grants/device-grant.js';
export { credentialsOfToken, identityOfToken } from './given-token.js';
export { GrantError } from './grants/grant-error.js';
export { type HttpContext, requestSignal } from './http-context.js';
export { type LoginOptions, NeMoPlatform, type NeMoPlatformOptions } from './nemo-platform.js';
export { networkProblem } from './network-problem.js';
export {
  type AccessKey,
  type AccessKeys,
  type AccessKeyWish,
  type ListAccessKeysOptions,
  type NewAccessKey,
  type RotateAccessKeyOptions,
} from './resources/access-keys.js';
export { type Auth, type Identity } from './resources/auth.js';
export {
  type ChangeMembersOptions,
  type Member,
  type Members,
  type MembersOptions,
  type RemovedMember,
} from './resources/members.js';
export { type Page, type PagedList } from './resources/paged-list.js';
export { type PropagationAnswer, type PropagationOptions } from './resources/role-propagation.js';
export {
  type DeletedWorkspace,
  type ListWorkspacesOptions,
  type Workspace,
  type Workspaces,
} from './resources/workspaces.js';
export {
  baseUrlOf,
  certificateAuthorityOf,
  contextNameOf,
  documentFor,
  resolveSettings,
  type Settings,
  type SettingSources,
  unknownContext,
} from './settings.js';
export { signInRequired } from './sign-in-required.js';
export { type TokenGrant } from './obtain-tokens.js';
export { signIn, type SignInGrant, type SignInRequest, type SignInResult } from './sign-in.js';
export { signOut, type SignOutRequest, type SignOutResult } from './sign-out.js';
export { isSignedIn, type StoredContext } from './stored-context.js';
export { type StoredPreferences, type TokenStore, tokenStoreOf, tokenStores } from './stored-preferences.js';
export { StoredTokenSource, type StoredTokenSourceOptions } from './stored-token-source.js';
export { printable } from './text.js';
export { isExpired, isNearExpiry, lifeOfToken, type TokenLife } from './token-life.js';
export { FixedTokenSource, type TokenSource } from './token-source.js';
export { type UnsignedGrant } from './unsigned-sign-in.js';
export { type StoredCredentials } from './user-entry.js';
export { WORKLOAD_TOKEN_FILE, WorkloadTokenSource, type WorkloadTokenSourceOptions } from './workload-token-source.js';
