import type { ClaimSetting, ScopeEnforcement, ScopeHierarchy, TokenProfile } from '@nmp/tokens';
import {
  IsBoolean,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  Matches,
  Max,
  Min,
  MinLength,
  ValidateNested,
} from 'class-validator';
import { type Algorithm, algorithmNames } from './algorithms.js';
import {
  IsAudience,
  IsCacheSetting,
  IsCidrList,
  IsClaimSetting,
  IsFetch,
  IsListOf,
  IsRevocation,
  IsScopeHierarchy,
  IsText,
  IsTextList,
  IsUrlText,
} from './option-constraints.js';
import type { Revocation } from './revocation.js';

/** The part of `fetch` that the module uses. */
export type FetchFunction = (url: string, init: RequestInit) => Promise<Response>;

/** Another issuer to trust beside `oidc.issuer`, with its own discovery document and keys. */
export class AdditionalIssuerOptions {
  /** Its exact name, as in the `iss` claim. */
  @IsUrlText()
  issuer!: string;

  /** Where its keys are, if not where its discovery document says. */
  @IsOptional()
  @IsUrlText()
  jwksUri?: string;

  /** Where its discovery document is, if not below the issuer. */
  @IsOptional()
  @IsUrlText()
  discoveryUrl?: string;

  /** The tenants to trust where the issuer is a template with `{tenantid}`. */
  @IsOptional()
  @IsTextList()
  tenants?: string[];

  /** What its tokens carry in `aud`. @default the main issuer's audience */
  @IsOptional()
  @IsAudience()
  audience?: string | string[];

  /** @default by the kind of provider the issuer is */
  @IsOptional()
  @IsClaimSetting()
  emailClaim?: ClaimSetting;

  /** @default by the kind of provider the issuer is */
  @IsOptional()
  @IsClaimSetting()
  subjectClaim?: ClaimSetting;

  /** @default by the kind of provider the issuer is */
  @IsOptional()
  @IsClaimSetting()
  groupsClaim?: ClaimSetting;

  /** Whether its identities are the main issuer's users, and so match their role bindings. @default false */
  @IsOptional()
  @IsBoolean({ message: 'must be true or false' })
  sharesUsers?: boolean;
}

/** The identity provider whose access tokens are accepted, and how their claims are read. */
export class OidcOptions {
  /** Accept access tokens of the provider. @default true */
  @IsOptional()
  @IsBoolean({ message: 'must be true or false' })
  enabled?: boolean;

  /** The provider's issuer URL, exactly as it stands in its tokens' `iss` claim. Required unless `enabled` is false. */
  @IsOptional()
  @IsUrlText()
  issuer?: string;

  /** The OAuth client users sign in with; published by discovery. Required unless `enabled` is false. */
  @IsOptional()
  @IsText()
  clientId?: string;

  /** More issuers to trust. A plain string is an issuer whose users are the main issuer's (`sharesUsers`). @default [] */
  @IsOptional()
  @ValidateNested({ each: true, message: 'must be a list of issuer URLs or of issuer objects' })
  additionalIssuers?: (string | AdditionalIssuerOptions)[];

  /** What tokens must carry in `aud`; one of several is enough. @default clientId */
  @IsOptional()
  @IsAudience()
  audience?: string | string[];

  /** `false` accepts tokens that were issued for any other application. @default true */
  @IsOptional()
  @IsBoolean({ message: 'must be true or false' })
  verifyAudience?: boolean;

  /**
   * Also accept tokens that were issued to our client and name in `aud` only the provider itself (Keycloak's `account`)
   * or nobody (Amazon Cognito). @default false
   */
  @IsOptional()
  @IsBoolean({ message: 'must be true or false' })
  acceptAuthorizedParty?: boolean;

  /** The only clients (`azp`, `client_id`) whose tokens are accepted. @default any client */
  @IsOptional()
  @IsTextList()
  authorizedParties?: string[];

  /** The tenants to trust where the issuer is a template with `{tenantid}` (Entra ID); compared with `tid`. */
  @IsOptional()
  @IsTextList()
  tenants?: string[];

  /** Refuse the tokens of people whose e-mail address the provider has not verified. @default false */
  @IsOptional()
  @IsBoolean({ message: 'must be true or false' })
  requireVerifiedEmail?: boolean;

  /** Where the e-mail address is. @default `upn` for Azure AD, else `email` */
  @IsOptional()
  @IsClaimSetting()
  emailClaim?: ClaimSetting;

  /** Where the subject is. @default `oid` for Azure AD, else `sub` */
  @IsOptional()
  @IsClaimSetting()
  subjectClaim?: ClaimSetting;

  /** Where the groups are. @default `cognito:groups` for Amazon Cognito, else `groups` */
  @IsOptional()
  @IsClaimSetting()
  groupsClaim?: ClaimSetting;

  /** The scopes clients ask for when a user names none, separated by blanks. @default openid profile email offline_access */
  @IsOptional()
  @IsString({ message: 'must be a string of scopes separated by blanks' })
  defaultScopes?: string;

  /** What the provider puts before the platform's scopes (`api://nmp/`); taken off before scopes are looked at. */
  @IsOptional()
  @IsText()
  scopePrefix?: string;

  /** Overrides what the discovery document says. */
  @IsOptional()
  @IsUrlText()
  tokenEndpoint?: string;

  /** Overrides what the discovery document says. */
  @IsOptional()
  @IsUrlText()
  deviceAuthorizationEndpoint?: string;

  /** Overrides what the discovery document says. */
  @IsOptional()
  @IsUrlText()
  authorizationEndpoint?: string;

  /** Overrides what the discovery document says. */
  @IsOptional()
  @IsUrlText()
  userinfoEndpoint?: string;

  /** Overrides what the discovery document says. */
  @IsOptional()
  @IsUrlText()
  jwksUri?: string;

  /** Where the discovery document is, if not below the issuer: an internal address, say. */
  @IsOptional()
  @IsUrlText()
  discoveryUrl?: string;

  /** How long a discovery document is used before it is read again, in seconds. @default 300 */
  @IsOptional()
  @IsInt({ message: 'must be a whole number of seconds' })
  @Min(0, { message: 'must be 0 or more (seconds)' })
  discoveryCacheTtlSeconds?: number;
}

/**
 * When the identity headers (`X-NMP-Principal-*`) of a request are believed. Every condition that is configured must
 * hold. Otherwise, and always beside a bearer token, they are dropped.
 */
export class TrustedHeadersOptions {
  /** Where the gateway connects from, as address ranges (`10.0.0.0/8`). The peer of the socket counts, no header. */
  @IsOptional()
  @IsCidrList()
  cidrs?: string[];

  /** The header in which the gateway proves itself. */
  @IsOptional()
  @Matches(/^[A-Za-z0-9-]+$/, { message: "must be a header's name" })
  secretHeader?: string;

  /** What the gateway sends there: 16 characters or more. */
  @IsOptional()
  @MinLength(16, { message: 'must be a string of 16 characters or more' })
  secret?: string;
}

/**
 * What `AuthModule.forRoot()` takes.
 * @example
 * AuthModule.forRoot({ oidc: { issuer: 'https://idp.example.com', clientId: 'my-api' } })
 */
export class AuthModuleOptions {
  /** `false` lets every request pass as an anonymous principal. It must be written; nothing else switches the guards off. @default true */
  @IsOptional()
  @IsBoolean({ message: 'must be true or false' })
  enabled?: boolean;

  /** The e-mail address of the platform's first administrator. */
  @IsOptional()
  @Matches(/^[^@\s]+@[^@\s]+$/, { message: 'must be an e-mail address' })
  adminEmail?: string;

  /** Where clients reach this service. */
  @IsOptional()
  @IsUrlText()
  publicUrl?: string;

  /** The `realm` of the `WWW-Authenticate` challenge. @default nmp */
  @IsOptional()
  @Matches(/^[ !#-[\]-~]+$/, { message: 'must be printable ASCII without quotes and backslashes' })
  realm?: string;

  /** The signing algorithms that are accepted. `none` and HMAC cannot be. @default ['RS256', 'ES256'] */
  @IsOptional()
  @IsListOf(algorithmNames)
  algorithms?: Algorithm[];

  /** What form access tokens have: any signed JWT, or the stricter one of RFC 9068. @default jwt */
  @IsOptional()
  @IsIn(['jwt', 'rfc9068'], { message: 'must be "jwt" or "rfc9068"' })
  profile?: TokenProfile;

  /** Asked on every request whether the token has been revoked; when it fails, nobody passes. @default nothing is asked */
  @IsOptional()
  @IsRevocation()
  revocation?: Revocation;

  /** How far the provider's clock and ours may differ, in seconds. @default 30 */
  @IsOptional()
  @IsInt({ message: 'must be a whole number of seconds' })
  @Min(0, { message: 'must be between 0 and 300 (seconds)' })
  @Max(300, { message: 'must be between 0 and 300 (seconds)' })
  clockToleranceSeconds?: number;

  /** The greatest age of a token since it was issued, in seconds. @default no limit but the token's own */
  @IsOptional()
  @IsInt({ message: 'must be a whole number of seconds' })
  @Min(1, { message: 'must be 1 or more (seconds)' })
  maxTokenAgeSeconds?: number;

  /** How long keys are used before they are fetched again, in seconds; the provider's `max-age` may shorten it. @default 600 */
  @IsOptional()
  @IsInt({ message: 'must be a whole number of seconds' })
  @Min(60, { message: 'must be 60 or more (seconds)' })
  jwksMaxAgeSeconds?: number;

  /** How long after a fetch an unknown key id causes no other, in seconds. @default 30 */
  @IsOptional()
  @IsInt({ message: 'must be a whole number of seconds' })
  @Min(1, { message: 'must be 1 or more (seconds)' })
  jwksCooldownSeconds?: number;

  /** How long keys go on being used while the provider cannot be reached, in seconds. @default 86400 */
  @IsOptional()
  @IsInt({ message: 'must be a whole number of seconds' })
  @Min(0, { message: 'must be 0 or more (seconds)' })
  jwksStaleSeconds?: number;

  /** How long a request to the provider may take, body included, in milliseconds. @default 5000 */
  @IsOptional()
  @IsInt({ message: 'must be a whole number of milliseconds' })
  @Min(1, { message: 'must be 1 or more (milliseconds)' })
  httpTimeoutMs?: number;

  /** Makes the requests to the provider: for proxies and private certificate authorities. @default the global fetch */
  @IsOptional()
  @IsFetch()
  fetch?: FetchFunction;

  /** Allow plain http to a provider on another machine. @default false */
  @IsOptional()
  @IsBoolean({ message: 'must be true or false' })
  allowInsecureHttp?: boolean;

  /** How many verified tokens are remembered and for how long at the most; `false`: none. @default { max: 10000, ttlSeconds: 300 } */
  @IsOptional()
  @IsCacheSetting()
  cache?: false | { max?: number; ttlSeconds?: number };

  /** Whether a token without any scope of a known area passes the scope check. @default always */
  @IsOptional()
  @IsIn(['always', 'when-present'], { message: 'must be "always" or "when-present"' })
  scopeEnforcement?: ScopeEnforcement;

  /** Areas whose scopes restrict a token, beside the platform's own and those named in scope decorators. @default [] */
  @IsOptional()
  @Matches(/^[a-z][a-z0-9_-]*$/, { each: true, message: 'must be a list of scope areas (lower-case words)' })
  scopeAreas?: string[];

  /**
   * Which scopes include which others; `*` stands for an area or a verb. @default none: writing does not include reading
   * @example { '*:write': ['*:read'] }
   */
  @IsOptional()
  @IsScopeHierarchy()
  scopeHierarchy?: ScopeHierarchy;

  /** When a gateway's identity headers are believed. @default never */
  @IsOptional()
  @ValidateNested({ message: 'must be an object' })
  trustedHeaders?: TrustedHeadersOptions;

  /** Required unless `enabled` is false. */
  @IsOptional()
  @ValidateNested({ message: 'must be an object' })
  oidc?: OidcOptions;
}
