import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsInt,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import { OptionalBody } from '../http/optional-body.decorator.js';

const KEY_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;
const NAME_RULE = 'name must be 1 to 63 letters, digits, dots, hyphens and underscores, a letter or digit first';
const SCOPES_RULE = 'scopes must be a list of 1 to 50 scopes such as platform:read: a key without any could do nothing';
const EXPIRY_RULE = 'expires_in_seconds must be a whole number above 0';
/** The longest time that a rotated key may be used beside the new one. */
const MAX_GRACE_SECONDS = 86_400;
const GRACE_RULE = `grace_seconds must be a whole number between 0 and ${MAX_GRACE_SECONDS}`;

const expiryProperty = {
  type: 'integer',
  minimum: 1,
  nullable: true,
  example: 604_800,
} as const;

/** What a new access key is. */
export class CreateAccessKeyRequest {
  @ApiProperty({ description: NAME_RULE, pattern: KEY_NAME.source, example: 'ci' })
  @Matches(KEY_NAME, { message: NAME_RULE })
  readonly name!: string;

  @ApiProperty({
    type: [String],
    description: 'What the key is good for, of what your own token is good for',
    example: ['platform:read'],
  })
  @IsArray({ message: SCOPES_RULE })
  @ArrayMinSize(1, { message: SCOPES_RULE })
  @ArrayMaxSize(50, { message: SCOPES_RULE })
  @IsString({ each: true, message: SCOPES_RULE })
  @MaxLength(100, { each: true, message: SCOPES_RULE })
  readonly scopes!: string[];

  @ApiPropertyOptional({ ...expiryProperty, description: 'The platform has a default, and a longest life' })
  @IsOptional()
  @IsInt({ message: EXPIRY_RULE })
  @Min(1, { message: EXPIRY_RULE })
  readonly expires_in_seconds?: number | null;
}

/** How an access key is replaced. */
@OptionalBody()
export class RotateAccessKeyRequest {
  @ApiPropertyOptional({ ...expiryProperty, description: 'As long as the old one lived, if left out' })
  @IsOptional()
  @IsInt({ message: EXPIRY_RULE })
  @Min(1, { message: EXPIRY_RULE })
  readonly expires_in_seconds?: number | null;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 0,
    maximum: MAX_GRACE_SECONDS,
    default: 0,
    nullable: true,
    description: 'How long the old key may be used beside the new one',
  })
  @IsOptional()
  @IsInt({ message: GRACE_RULE })
  @Min(0, { message: GRACE_RULE })
  @Max(MAX_GRACE_SECONDS, { message: GRACE_RULE })
  readonly grace_seconds?: number | null;
}
