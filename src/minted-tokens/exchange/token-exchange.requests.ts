import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

const example = 'urn:ietf:params:oauth:token-type:jwt';

/** The form of a token exchange. @see RFC 8693 §2.1 */
export class TokenExchangeForm {
  @ApiProperty({ enum: ['urn:ietf:params:oauth:grant-type:token-exchange'] })
  readonly grant_type!: string;

  @ApiProperty({ description: "The workload's own token, a JWT" })
  readonly subject_token!: string;

  @ApiProperty({ example })
  readonly subject_token_type!: string;

  @ApiPropertyOptional({ description: "Some of the rule's scopes; all of them if left out" })
  readonly scope?: string;

  @ApiPropertyOptional({ description: 'What discovery publishes as `workload_audience`' })
  readonly audience?: string;

  @ApiPropertyOptional({ example })
  readonly requested_token_type?: string;
}
