import type { ClaimSetting } from '@nmp/tokens';
import { IsBoolean, IsOptional, IsString, ValidateNested } from 'class-validator';
import {
  IsAudience,
  IsClaimSetting,
  IsLoginParameters,
  IsText,
  IsTextList,
  IsUrlText,
  IsWholeNumberOf,
} from './option-constraints.js';
import { OpaqueTokenOptions } from './opaque-token-options.js';

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

  /** Where its tokens have the e-mail address. @default by the kind of provider the issuer is */
  @IsOptional()
  @IsClaimSetting()
  emailClaim?: ClaimSetting;

  /** Where its tokens have the subject. @default by the kind of provider the issuer is */
  @IsOptional()
  @IsClaimSetting()
  subjectClaim?: ClaimSetting;

  /** Where its tokens have the groups. @default by the kind of provider the issuer is */
  @IsOptional()
  @IsClaimSetting()
  groupsClaim?: ClaimSetting;

  /** Whether its identities are the main issuer's users, and so match their role bindings. @default false */
  @IsOptional()
  @IsBoolean({ message: 'must be true or false' })
  sharesUsers?: boolean;
}

/** The identity provider whose access tokens are accepted, and how their claims are read. */
export class OidcOptions extends OpaqueTokenOptions {
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

  /**
   * Parameters that clients add to the requests of a sign-in; published by discovery. @default none
   * @example { audience: 'https://api.example.com' } // Auth0
   * @example { resource: 'https://api.example.com' } // RFC 8707
   */
  @IsOptional()
  @IsLoginParameters()
  loginParameters?: Record<string, string>;

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
  @IsWholeNumberOf('seconds', 0)
  discoveryCacheTtlSeconds?: number;
}
