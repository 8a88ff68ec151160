import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { MintedNames } from '../config/minted-names.js';
import { type PublishedKey, SIGNING_ALGORITHM } from './keys/signing-key.js';

/** A key set. @see RFC 7517 §5 */
export class KeySetResponse {
  @ApiProperty({ type: 'array', items: { type: 'object', additionalProperties: true } })
  readonly keys!: readonly PublishedKey[];
}

/** What is said of the platform as an issuer. @see RFC 8414 §2 */
export class IssuerMetadataResponse {
  @ApiProperty({ example: 'https://platform.example.com/apis/auth' })
  readonly issuer!: string;

  @ApiProperty()
  readonly jwks_uri!: string;

  @ApiPropertyOptional({ description: 'Where tokens of workloads are exchanged; missing when they are not' })
  readonly token_endpoint?: string;

  @ApiProperty({ type: [String] })
  readonly grant_types_supported!: readonly string[];

  @ApiProperty({ type: [String], description: 'Nobody signs in here' })
  readonly response_types_supported!: readonly string[];

  @ApiProperty({ type: [String] })
  readonly subject_types_supported!: readonly string[];

  @ApiProperty({ type: [String] })
  readonly id_token_signing_alg_values_supported!: readonly string[];

  @ApiPropertyOptional({ type: [String] })
  readonly token_endpoint_auth_methods_supported?: readonly string[];
}

export function issuerMetadata(
  { issuer, jwksUri, tokenEndpoint }: MintedNames,
  exchangesTokens: boolean,
): IssuerMetadataResponse {
  return {
    issuer,
    jwks_uri: jwksUri,
    ...(exchangesTokens && { token_endpoint: tokenEndpoint, token_endpoint_auth_methods_supported: ['none'] }),
    grant_types_supported: exchangesTokens ? ['urn:ietf:params:oauth:grant-type:token-exchange'] : [],
    response_types_supported: [],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: [SIGNING_ALGORITHM],
  };
}
