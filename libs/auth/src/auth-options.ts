import { IsBoolean, IsIn, IsOptional, Matches, MinLength, ValidateNested } from 'class-validator';
import {
  type Algorithm,
  algorithmNames,
  type ScopeEnforcement,
  type ScopeHierarchy,
  type TokenProfile,
} from '@nmp/tokens';
import type { OptionNames } from './development/explained-refusal.js';
import type { DpopOptions } from './dpop-options.js';
import type { MtlsOptions } from './mtls-options.js';
import type { OidcOptions } from './oidc-options.js';
import {
  IsCacheSetting,
  IsCidrList,
  IsFetch,
  IsFunction,
  IsListOf,
  IsPlainPath,
  IsRevocation,
  IsScopeAreas,
  IsScopeHierarchy,
  IsUrlText,
  IsWholeNumberOf,
} from './option-constraints.js';
import type { AccessKeyOptions } from './access-key-options.js';
import type { HopOptions } from './hop-options.js';
import type { Revocation } from './revocation.js';
import type { ServiceClientOptions } from './service-client-options.js';
import type { WebSocketOptions } from './websocket-options.js';
import type { WorkloadOptions } from './workload-options.js';

/** The part of `fetch` that the module uses. */
export type FetchFunction = (url: string, init: RequestInit) => Promise<Response>;

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
  @IsPlainPath()
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
  @IsWholeNumberOf('seconds', 0, 300)
  clockToleranceSeconds?: number;

  /** The greatest age of a token since it was issued, in seconds. @default no limit but the token's own */
  @IsOptional()
  @IsWholeNumberOf('seconds', 1)
  maxTokenAgeSeconds?: number;

  /** How long keys are used before they are fetched again, in seconds; the provider's `max-age` may shorten it. @default 600 */
  @IsOptional()
  @IsWholeNumberOf('seconds', 60)
  jwksMaxAgeSeconds?: number;

  /** How long after a fetch an unknown key id causes no other, in seconds. @default 30 */
  @IsOptional()
  @IsWholeNumberOf('seconds', 1)
  jwksCooldownSeconds?: number;

  /** How long keys go on being used while the provider cannot be reached, in seconds. @default 86400 */
  @IsOptional()
  @IsWholeNumberOf('seconds', 0)
  jwksStaleSeconds?: number;

  /** How long a request to the provider may take, body included, and how long a revocation store may take, in milliseconds. @default 5000 */
  @IsOptional()
  @IsWholeNumberOf('milliseconds', 1, 600_000)
  httpTimeoutMs?: number;

  /**
   * Makes the requests to the provider.
   * @default the global fetch, through the proxy of `HTTPS_PROXY`; `environmentFetch({ ca })` trusts further certificates
   */
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

  /**
   * How many tokens may be having their signature checked at a time, and how many more may be waiting for keys of their
   * issuer; those beyond are answered 503. Remembered tokens always pass. @default 10000
   */
  @IsOptional()
  @IsWholeNumberOf('tokens', 1)
  maxPendingVerifications?: number;

  /** Whether a token without any scope of a known area passes the scope check. @default always */
  @IsOptional()
  @IsIn(['always', 'when-present'], { message: 'must be "always" or "when-present"' })
  scopeEnforcement?: ScopeEnforcement;

  /** Areas whose scopes restrict a token, beside the platform's own and those named in scope decorators. @default [] */
  @IsOptional()
  @IsScopeAreas()
  scopeAreas?: string[];

  /**
   * Which scopes include which others; `*` stands for an area or a verb. @default none: writing does not include reading
   * @example { '*:write': ['*:read'] }
   */
  @IsOptional()
  @IsScopeHierarchy()
  scopeHierarchy?: ScopeHierarchy;

  /**
   * Whether the log says of each refusal which check has failed, which option to look at, and where more is written
   * (`dist/errors.md` of the package). Never in production: where `NODE_ENV` is `production` it is off.
   * @default whether NODE_ENV is not set, or "development"
   */
  @IsOptional()
  @IsBoolean({ message: 'must be true or false' })
  explainRefusals?: boolean;

  /** What options are called in the application's own configuration, where the log names them. @default their own names */
  @IsOptional()
  @IsFunction()
  optionNames?: OptionNames;

  /**
   * Development without an identity provider: whoever sends a request from this machine, to a server that listens on it
   * alone, is who they say to be (docs/without-identity-provider.md). Goes with `oidc.enabled: false` only. @default false
   */
  @IsOptional()
  @IsBoolean({ message: 'must be true or false' })
  allowUnsignedJwt?: boolean;

  /** When a gateway's identity headers are believed. @default never */
  @IsOptional()
  @ValidateNested({ message: 'must be an object' })
  trustedHeaders?: TrustedHeadersOptions;

  /** Accept tokens that are bound to a key, with a proof of it in each request (DPoP). Needs `publicUrl`. @default bound tokens are refused */
  @IsOptional()
  @ValidateNested({ message: 'must be an object' })
  dpop?: DpopOptions;

  /** Accept tokens that are bound to the client's TLS certificate. @default bound tokens are refused */
  @IsOptional()
  @ValidateNested({ message: 'must be an object' })
  mtls?: MtlsOptions;

  /** The clients that are services of the platform; nobody else is one. @default [] */
  @IsOptional()
  @ValidateNested({ each: true, message: 'must be a list of { issuer, clientId, name }' })
  serviceClients?: ServiceClientOptions[];

  /**
   * Accept the hop tokens of a platform's gateway, beside the provider's access tokens or, with `oidc.enabled: false`, alone.
   * @default none is accepted
   */
  @IsOptional()
  @ValidateNested({ message: 'must be an object' })
  hop?: HopOptions;

  /** Accept the workload tokens that this service issues itself. @default none is accepted */
  @IsOptional()
  @ValidateNested({ message: 'must be an object' })
  workload?: WorkloadOptions;

  /** Accept the access keys that this service issues itself. @default none is accepted */
  @IsOptional()
  @ValidateNested({ message: 'must be an object' })
  accessKeys?: AccessKeyOptions;

  /** What becomes of WebSockets when their token expires, and whether it is verified at every message. */
  @IsOptional()
  @ValidateNested({ message: 'must be an object' })
  websockets?: WebSocketOptions;

  /** Required unless `enabled` is false. */
  @IsOptional()
  @ValidateNested({ message: 'must be an object' })
  oidc?: OidcOptions;
}
