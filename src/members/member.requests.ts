import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayNotEmpty, IsArray, IsOptional, IsString } from 'class-validator';

const PRINCIPAL_RULE =
  'principal must be an e-mail address, the id of a user or client, group:<name>, service:<name>, or * for everybody';
const ROLES_RULE = 'roles must be a list of one or more names of roles';

/** Who is to be a member. */
export class AddMemberRequest {
  @ApiProperty({ description: PRINCIPAL_RULE, example: 'bob@example.com', maxLength: 320 })
  @IsString({ message: PRINCIPAL_RULE })
  readonly principal!: string;

  @ApiPropertyOptional({ type: [String], default: ['Editor'], example: ['Viewer'] })
  @IsOptional()
  @IsArray({ message: ROLES_RULE })
  @ArrayNotEmpty({ message: ROLES_RULE })
  @ArrayMaxSize(20, { message: ROLES_RULE })
  @IsString({ each: true, message: ROLES_RULE })
  readonly roles?: string[] | null;
}

/** The roles a member has from now on, and no others. */
export class SetMemberRequest {
  @ApiProperty({ type: [String], description: 'To take every role away, remove the member', example: ['Editor'] })
  @IsArray({ message: ROLES_RULE })
  @ArrayNotEmpty({ message: `${ROLES_RULE}; to take every role away, remove the member` })
  @ArrayMaxSize(20, { message: ROLES_RULE })
  @IsString({ each: true, message: ROLES_RULE })
  readonly roles!: string[];
}
