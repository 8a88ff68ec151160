import { IsBoolean, IsIn, IsOptional } from 'class-validator';
import { clientAuthMethods, type ClientAuthMethod } from './opaque-token-config.js';
import { IsClientKey, IsText, IsUrlText, IsWholeNumberOf } from './option-constraints.js';

/**
 * How access tokens that say nothing themselves are looked up at the main issuer. The names are those of `oidc`, which
 * has these options as its own.
 */
export class OpaqueTokenOptions {
  /** Ask the main issuer's introspection endpoint (RFC 7662) about tokens that are no JWT. @default false */
  @IsOptional()
  @IsBoolean({ message: 'must be true or false' })
  introspectOpaqueTokens?: boolean;

  /** Overrides what the discovery document says. */
  @IsOptional()
  @IsUrlText()
  introspectionEndpoint?: string;

  /** The client that asks there: one of this service's own. @default clientId */
  @IsOptional()
  @IsText()
  introspectionClientId?: string;

  /** The secret it proves itself with. */
  @IsOptional()
  @IsText()
  introspectionClientSecret?: string;

  /** The private key it proves itself with instead: PEM, or a JWK as JSON. RSA, EC or Ed25519. */
  @IsOptional()
  @IsClientKey()
  introspectionPrivateKey?: string;

  /** How it proves itself. @default private_key_jwt with a private key, else client_secret_basic */
  @IsOptional()
  @IsIn(clientAuthMethods, { message: `must be one of ${clientAuthMethods.join(', ')}` })
  introspectionAuthMethod?: ClientAuthMethod;

  /**
   * Refuse a token of which the endpoint does not say what kind it is (`token_type`): many say of refresh tokens, too,
   * that they are active. @default true
   */
  @IsOptional()
  @IsBoolean({ message: 'must be true or false' })
  introspectionRequiresTokenType?: boolean;

  /**
   * Also ask about JWTs of the main issuer that cannot be verified here: their algorithm, type or key is not known. What
   * is in them counts for nothing then. @default false
   */
  @IsOptional()
  @IsBoolean({ message: 'must be true or false' })
  introspectUnverifiableJwts?: boolean;

  /** Ask the main issuer's UserInfo endpoint instead. It tells no audience: needs `verifyAudience: false`. @default false */
  @IsOptional()
  @IsBoolean({ message: 'must be true or false' })
  resolveOpaqueTokensViaUserinfo?: boolean;

  /** How long an answer holds at the most, in seconds; 0: each request asks. Of UserInfo never longer than 60. @default 60 */
  @IsOptional()
  @IsWholeNumberOf('seconds', 0, 3600)
  opaqueTokenCacheSeconds?: number;

  /** How many questions are under way at a time; ten times as many wait, and those beyond are answered 503. @default 20 */
  @IsOptional()
  @IsWholeNumberOf('questions', 1, 1000)
  opaqueTokenConcurrency?: number;
}
