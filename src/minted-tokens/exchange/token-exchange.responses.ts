import { ApiProperty } from '@nestjs/swagger';
import { type ExchangeErrorCode, exchangeErrorCodes } from './exchange-error.js';

/** The token that was given out. @see RFC 8693 §2.2.1 */
export class ExchangedTokenResponse {
  @ApiProperty()
  readonly access_token!: string;

  @ApiProperty({ example: 'urn:ietf:params:oauth:token-type:access_token' })
  readonly issued_token_type!: string;

  @ApiProperty({ enum: ['Bearer'] })
  readonly token_type!: string;

  @ApiProperty({ description: 'How long it lives, in seconds', example: 300 })
  readonly expires_in!: number;

  @ApiProperty({ example: 'platform:read' })
  readonly scope!: string;
}

/** Why no token was given out. @see RFC 6749 §5.2 */
export class ExchangeErrorResponse {
  @ApiProperty({ enum: [...exchangeErrorCodes] })
  readonly error!: ExchangeErrorCode;

  @ApiProperty()
  readonly error_description!: string;

  @ApiProperty({ description: 'The same, under the name that every error of the platform has' })
  readonly detail!: string;
}
