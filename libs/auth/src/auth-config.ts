import {
  AuthConfigError,
  type ClaimMapping,
  discoveryUrls,
  isSecureUrl,
  normalizeScopePrefix,
  parseUrl,
  PLATFORM_AREAS,
  providerOf,
  type ScopePolicy,
} from '@nmp/tokens';
import type { AdditionalIssuerOptions, AuthModuleOptions, FetchFunction, OidcOptions } from './auth-options.js';
import type { Algorithm } from './algorithms.js';
import { optionProblems, readOptions } from './option-problems.js';

/** What is known of one trusted issuer. */
export interface IssuerConfig {
  readonly issuer: string;
  /** One of these must be in a token's `aud`; `false` when the check is switched off. */
  readonly audience: readonly string[] | false;
  readonly jwksUri: string | undefined;
  /** Where its discovery document may be, in the order to try. */
  readonly discoveryUrls: readonly string[];
  readonly mapping: ClaimMapping;
  /** Whether its identities are the main issuer's users. */
  readonly sharesUsers: boolean;
}

/** What `GET /apis/auth/discovery` publishes of the main issuer, before its own discovery document fills the gaps. */
export interface PublishedConfig {
  readonly issuer: string;
  readonly clientId: string;
  readonly defaultScopes: string;
  readonly scopePrefix: string | null;
  readonly authorizationEndpoint: string | undefined;
  readonly tokenEndpoint: string | undefined;
  readonly deviceAuthorizationEndpoint: string | undefined;
  readonly userinfoEndpoint: string | undefined;
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
  readonly clockToleranceSeconds: number;
  readonly maxTokenAgeSeconds: number | undefined;
  readonly jwksMaxAgeSeconds: number;
  readonly jwksCooldownSeconds: number;
  readonly jwksStaleSeconds: number;
  readonly discoveryCacheTtlSeconds: number;
  readonly httpTimeoutMs: number;
  readonly fetch: FetchFunction;
  readonly allowInsecureHttp: boolean;
  readonly cache: { readonly max: number; readonly ttlSeconds: number } | false;
  readonly scopes: ScopePolicy;
  /** The main issuer first. Empty when OIDC is switched off. */
  readonly issuers: readonly IssuerConfig[];
  readonly published: PublishedConfig | undefined;
  /** What the operator should hear at start-up. */
  readonly warnings: readonly string[];
}

export const AuthConfig = Symbol.for('@nmp/auth:AuthConfig');

/**
 * Checks the options and fills in the defaults.
 * @throws {AuthConfigError} naming every wrong or missing option with its path.
 */
export function authConfigOf(given: AuthModuleOptions): AuthConfig {
  const options = readOptions(given);
  const problems = [...optionProblems(options)];
  if (problems.length === 0) problems.push(...dependentProblems(options));
  if (problems.length > 0) throw new AuthConfigError(problems);

  const oidc = options.enabled !== false && options.oidc?.enabled !== false ? options.oidc : undefined;
  const issuers = oidc ? issuersOf(oidc) : [];
  return Object.freeze<AuthConfig>({
    enabled: options.enabled ?? true,
    adminEmail: options.adminEmail,
    publicUrl: options.publicUrl,
    realm: options.realm ?? 'nmp',
    algorithms: Object.freeze(options.algorithms ?? ['RS256', 'ES256']),
    clockToleranceSeconds: options.clockToleranceSeconds ?? 30,
    maxTokenAgeSeconds: options.maxTokenAgeSeconds,
    jwksMaxAgeSeconds: options.jwksMaxAgeSeconds ?? 600,
    jwksCooldownSeconds: options.jwksCooldownSeconds ?? 30,
    jwksStaleSeconds: options.jwksStaleSeconds ?? 86_400,
    discoveryCacheTtlSeconds: oidc?.discoveryCacheTtlSeconds ?? 300,
    httpTimeoutMs: options.httpTimeoutMs ?? 5000,
    fetch: options.fetch ?? ((url, init) => fetch(url, init)),
    allowInsecureHttp: options.allowInsecureHttp ?? false,
    cache:
      options.cache === false
        ? false
        : { max: options.cache?.max ?? 10_000, ttlSeconds: options.cache?.ttlSeconds ?? 300 },
    scopes: {
      enforcement: options.scopeEnforcement ?? 'always',
      areas: new Set([...PLATFORM_AREAS, ...(options.scopeAreas ?? [])]),
    },
    issuers: Object.freeze(issuers),
    published: publishedOf(options.oidc),
    warnings: Object.freeze(warningsOf(options, issuers)),
  });
}

/** What can only be said with several options at hand. */
function dependentProblems(options: AuthModuleOptions): string[] {
  if (options.enabled === false) return [];
  const { oidc } = options;
  if (oidc?.enabled === false) return [];
  const required = ['issuer', 'clientId'] as const;
  const missing = required
    .filter((name) => oidc?.[name] === undefined)
    .map((name) => `oidc.${name} must be set (or write oidc.enabled: false, or enabled: false to let everybody in)`);
  return [...missing, ...insecureUrls(options), ...duplicateIssuers(oidc)];
}

function insecureUrls({ oidc, allowInsecureHttp }: AuthModuleOptions): string[] {
  if (oidc === undefined || allowInsecureHttp === true) return [];
  const names = [
    'issuer',
    'jwksUri',
    'discoveryUrl',
    'tokenEndpoint',
    'deviceAuthorizationEndpoint',
    'authorizationEndpoint',
    'userinfoEndpoint',
  ] as const;
  const insecure = (url: unknown): boolean =>
    typeof url === 'string' && parseUrl(url) !== undefined && !isSecureUrl(url);
  const complaint = (path: string): string =>
    `${path} must be an https URL (plain http only on this machine, or with allowInsecureHttp)`;
  const main = names.filter((name) => insecure(oidc[name])).map((name) => complaint(`oidc.${name}`));
  const additional = additionalIssuersOf(oidc).flatMap((entry, index) =>
    (['issuer', 'jwksUri', 'discoveryUrl'] as const)
      .filter((name) => insecure(entry[name]))
      .map((name) => complaint(`oidc.additionalIssuers.${index}.${name}`)),
  );
  return [...main, ...additional];
}

function duplicateIssuers(oidc: OidcOptions | undefined): string[] {
  if (oidc === undefined) return [];
  const issuers = [oidc.issuer, ...additionalIssuersOf(oidc).map((entry) => entry.issuer)];
  return additionalIssuersOf(oidc).flatMap(({ issuer }, index) =>
    issuers.indexOf(issuer) <= index ? [`oidc.additionalIssuers.${index}.issuer is listed twice`] : [],
  );
}

function issuersOf(oidc: OidcOptions): IssuerConfig[] {
  const main: AdditionalIssuerOptions = {
    ...oidc,
    issuer: oidc.issuer ?? '',
    audience: oidc.audience ?? oidc.clientId ?? '',
  };
  const entries = [{ ...main, sharesUsers: true }, ...additionalIssuersOf(oidc)];
  return entries.map((entry) => ({
    issuer: entry.issuer,
    audience: oidc.verifyAudience === false ? false : Object.freeze([entry.audience ?? main.audience ?? []].flat()),
    jwksUri: entry.jwksUri,
    discoveryUrls: entry.discoveryUrl === undefined ? discoveryUrls(entry.issuer) : [entry.discoveryUrl],
    mapping: mappingOf(entry, oidc),
    sharesUsers: entry.sharesUsers ?? false,
  }));
}

/** Explicit settings win; what is not set comes from the kind of provider this issuer is. */
function mappingOf(entry: AdditionalIssuerOptions, oidc: OidcOptions): ClaimMapping {
  const { claims } = providerOf(entry.issuer);
  const subject = entry.subjectClaim ?? (entry.sharesUsers ? oidc.subjectClaim : undefined);
  const email = entry.emailClaim ?? (entry.sharesUsers ? oidc.emailClaim : undefined);
  const groups = entry.groupsClaim ?? (entry.sharesUsers ? oidc.groupsClaim : undefined);
  return {
    email: email ?? claims.email,
    subject: subject ?? claims.subject,
    subjectFallsBack: subject === undefined,
    groups: groups ?? claims.groups,
    ...(oidc.scopePrefix === undefined ? {} : { scopePrefix: normalizeScopePrefix(oidc.scopePrefix) }),
  };
}

function publishedOf(oidc: OidcOptions | undefined): PublishedConfig | undefined {
  if (oidc?.enabled === false || oidc?.issuer === undefined || oidc.clientId === undefined) return undefined;
  return {
    issuer: oidc.issuer,
    clientId: oidc.clientId,
    defaultScopes: oidc.defaultScopes ?? 'openid profile email offline_access',
    scopePrefix: oidc.scopePrefix === undefined ? null : normalizeScopePrefix(oidc.scopePrefix),
    authorizationEndpoint: oidc.authorizationEndpoint,
    tokenEndpoint: oidc.tokenEndpoint,
    deviceAuthorizationEndpoint: oidc.deviceAuthorizationEndpoint,
    userinfoEndpoint: oidc.userinfoEndpoint,
  };
}

function warningsOf(options: AuthModuleOptions, issuers: readonly IssuerConfig[]): string[] {
  if (options.enabled === false) {
    return ['AUTHENTICATION IS OFF (enabled: false): every request is let in as an anonymous principal'];
  }
  if (issuers.length === 0) return ['OIDC is off (oidc.enabled: false): no bearer token is accepted'];
  const unchecked = issuers.some(({ audience }) => audience === false);
  return unchecked
    ? ['Audiences are not checked (verifyAudience: false): tokens issued for any other application are accepted']
    : [];
}

/** The additional issuers as objects; `readOptions` has turned plain strings into them. */
function additionalIssuersOf(oidc: OidcOptions): AdditionalIssuerOptions[] {
  return (oidc.additionalIssuers ?? []).filter((entry): entry is AdditionalIssuerOptions => typeof entry !== 'string');
}
