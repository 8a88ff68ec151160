import {
  type Algorithm,
  AuthConfigError,
  normalizeScopePrefix,
  PLATFORM_AREAS,
  type ScopePolicy,
  type TokenProfile,
} from '@nmp/tokens';
import type { AccessKeyOptions } from './access-key-options.js';
import type { AuthModuleOptions, FetchFunction, TrustedHeadersOptions } from './auth-options.js';
import { dependentProblems, missingOptions } from './dependent-problems.js';
import { isDevelopment } from './development/development-mode.js';
import type { OptionNames } from './development/explained-refusal.js';
import { environmentFetch } from './environment-fetch.js';
import { type IssuerConfig, issuerConfigsOf } from './issuer-config.js';
import { mintedIssuersOf } from './minted-issuers.js';
import { type OpaqueTokenConfig, opaqueTokenConfigOf } from './opaque-token-config.js';
import { optionProblems, readOptions } from './option-problems.js';
import { type DpopConfig, dpopConfigOf, type MtlsConfig, mtlsConfigOf } from './possession-config.js';
import type { Revocation } from './revocation.js';
import type { WebSocketOptions } from './websocket-options.js';

/** What `GET /apis/auth/discovery` publishes of the main issuer, before its own discovery document fills the gaps. */
export interface PublishedConfig {
  readonly issuer: string;
  readonly clientId: string;
  readonly defaultScopes: string;
  readonly scopePrefix: string | null;
  /** What clients add to the requests of a sign-in. */
  readonly loginParameters: Readonly<Record<string, string>> | undefined;
  readonly authorizationEndpoint: string | undefined;
  readonly tokenEndpoint: string | undefined;
  readonly deviceAuthorizationEndpoint: string | undefined;
  readonly userinfoEndpoint: string | undefined;
  /** Where workloads exchange their tokens, and for which audience. */
  readonly workload: { readonly tokenEndpoint: string; readonly audience: string } | undefined;
}

/** The options once checked, with their defaults. Frozen. Nobody below the module sees the options themselves. */
export interface AuthConfig {
  readonly enabled: boolean;
  /** The platform's first administrator. */
  readonly adminEmail: string | undefined;
  /** Where clients reach this service. */
  readonly publicUrl: string | undefined;
  readonly realm: string;
  readonly algorithms: readonly Algorithm[];
  readonly profile: TokenProfile;
  readonly revocation: Revocation | undefined;
  readonly trustedHeaders: TrustedHeadersOptions | undefined;
  /** How tokens that are bound to a key are accepted; `undefined`: they are not. */
  readonly dpop: DpopConfig | undefined;
  readonly mtls: MtlsConfig | undefined;
  /** Whether programs on this machine are who they say to be. */
  readonly allowUnsignedJwt: boolean;
  readonly maxTokenAgeSeconds: number | undefined;
  readonly clockToleranceSeconds: number;
  readonly jwksMaxAgeSeconds: number;
  readonly jwksCooldownSeconds: number;
  readonly jwksStaleSeconds: number;
  readonly discoveryCacheTtlSeconds: number;
  readonly httpTimeoutMs: number;
  readonly fetch: FetchFunction;
  readonly allowInsecureHttp: boolean;
  readonly cache: { readonly max: number; readonly ttlSeconds: number } | false;
  readonly maxPendingVerifications: number;
  readonly scopes: ScopePolicy;
  /** Whether the log says what to look at when somebody is refused. Never in production. */
  readonly explainRefusals: boolean;
  /** What the options are called where the log names them. */
  readonly optionNames: OptionNames;
  /** The providers, the main one first, then those of the tokens that platforms make. */
  readonly issuers: readonly IssuerConfig[];
  /** How tokens that are no JWT are looked up; missing: they are refused. */
  readonly opaqueTokens: OpaqueTokenConfig | undefined;
  /** What is asked about access keys on every request; `undefined` where none is accepted. */
  readonly accessKeys: Pick<AccessKeyOptions, 'issuer' | 'audience' | 'isActive'> | undefined;
  /** What becomes of WebSockets. */
  readonly websockets: Readonly<Required<WebSocketOptions>>;
  readonly published: PublishedConfig | undefined;
  /** What the operator should hear at start-up. */
  readonly warnings: readonly string[];
}

/** The complete configuration, to be injected by those who need to know how tokens are verified. */
export const AuthConfig = Symbol.for('@nmp/auth:AuthConfig');

/**
 * Checks the options and fills in the defaults.
 * @throws {AuthConfigError} naming every wrong or missing option with its path.
 */
export function authConfigOf(given: AuthModuleOptions): AuthConfig {
  const options = readOptions(given);
  const single = optionProblems(options);
  // What else is wrong can only be said once every option has its form; what is missing can always be said.
  const problems = [...single, ...missingOptions(options), ...(single.length === 0 ? dependentProblems(options) : [])];
  if (problems.length > 0) throw new AuthConfigError(problems);

  const oidc = options.enabled !== false && options.oidc?.enabled !== false ? options.oidc : undefined;
  const minted = options.enabled === false ? [] : mintedIssuersOf(options);
  const issuers = [...(oidc ? issuerConfigsOf(options, oidc) : []), ...minted];
  return Object.freeze<AuthConfig>({
    enabled: options.enabled ?? true,
    adminEmail: options.adminEmail,
    publicUrl: options.publicUrl,
    realm: options.realm ?? 'nmp',
    algorithms: Object.freeze(options.algorithms ?? ['RS256', 'ES256']),
    profile: options.profile ?? 'jwt',
    revocation: options.revocation,
    trustedHeaders: options.trustedHeaders,
    dpop: dpopConfigOf(options),
    mtls: mtlsConfigOf(options),
    allowUnsignedJwt: options.allowUnsignedJwt === true && options.enabled !== false,
    maxTokenAgeSeconds: options.maxTokenAgeSeconds,
    clockToleranceSeconds: options.clockToleranceSeconds ?? 30,
    jwksMaxAgeSeconds: options.jwksMaxAgeSeconds ?? 600,
    jwksCooldownSeconds: options.jwksCooldownSeconds ?? 30,
    jwksStaleSeconds: options.jwksStaleSeconds ?? 86_400,
    discoveryCacheTtlSeconds: oidc?.discoveryCacheTtlSeconds ?? 300,
    httpTimeoutMs: options.httpTimeoutMs ?? 5000,
    fetch: options.fetch ?? environmentFetch(),
    allowInsecureHttp: options.allowInsecureHttp ?? false,
    cache:
      options.cache === false
        ? false
        : { max: options.cache?.max ?? 10_000, ttlSeconds: options.cache?.ttlSeconds ?? 300 },
    maxPendingVerifications: options.maxPendingVerifications ?? 10_000,
    scopes: {
      enforcement: options.scopeEnforcement ?? 'always',
      areas: new Set([...PLATFORM_AREAS, ...(options.scopeAreas ?? [])]),
      ...(options.scopeHierarchy && { hierarchy: options.scopeHierarchy }),
    },
    explainRefusals: isDevelopment(options.explainRefusals, process.env.NODE_ENV),
    optionNames: options.optionNames ?? ((option) => option),
    issuers: Object.freeze(issuers),
    opaqueTokens: oidc && opaqueTokenConfigOf(oidc),
    accessKeys: options.enabled === false ? undefined : options.accessKeys,
    websockets: Object.freeze({
      onExpiry: options.websockets?.onExpiry ?? 'close',
      graceSeconds: options.websockets?.graceSeconds ?? 30,
      verifyEachMessage: options.websockets?.verifyEachMessage ?? false,
    }),
    published: publishedOf(options),
    warnings: Object.freeze(warningsOf(options, issuers)),
  });
}

function publishedOf({ oidc, workload }: AuthModuleOptions): PublishedConfig | undefined {
  if (oidc?.enabled === false || oidc?.issuer === undefined || oidc.clientId === undefined) return undefined;
  return {
    issuer: oidc.issuer,
    clientId: oidc.clientId,
    defaultScopes: oidc.defaultScopes ?? 'openid profile email offline_access',
    scopePrefix: oidc.scopePrefix === undefined ? null : normalizeScopePrefix(oidc.scopePrefix),
    loginParameters: oidc.loginParameters && Object.freeze({ ...oidc.loginParameters }),
    authorizationEndpoint: oidc.authorizationEndpoint,
    tokenEndpoint: oidc.tokenEndpoint,
    deviceAuthorizationEndpoint: oidc.deviceAuthorizationEndpoint,
    userinfoEndpoint: oidc.userinfoEndpoint,
    workload: workload && { tokenEndpoint: workload.tokenEndpoint, audience: workload.audience },
  };
}

const UNSIGNED_WARNING =
  'UNSIGNED TOKENS ARE ACCEPTED (allowUnsignedJwt: true): every program on this machine can be anybody, the administrator ' +
  'included. This is for development, on a machine that only you use';

function warningsOf(options: AuthModuleOptions, issuers: readonly IssuerConfig[]): string[] {
  if (options.enabled === false) {
    return ['AUTHENTICATION IS OFF (enabled: false): every request is let in as an anonymous principal'];
  }
  if (options.allowUnsignedJwt === true) return [UNSIGNED_WARNING];
  if (issuers.length === 0) return ['OIDC is off (oidc.enabled: false): no bearer token is accepted'];
  const isUnchecked = issuers.some(({ expectations }) => expectations.audience === false);
  return [
    ...(isUnchecked
      ? ['Audiences are not checked (verifyAudience: false): tokens issued for any other application are accepted']
      : []),
    ...(options.oidc?.resolveOpaqueTokensViaUserinfo
      ? ['Opaque tokens are resolved by UserInfo, which names neither audience nor scopes: no scope restricts them']
      : []),
  ];
}
