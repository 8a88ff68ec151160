import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString } from 'class-validator';

const PRINCIPAL_RULE =
  'principal must be an e-mail address, the id of a user or client, group:<name>, service:<name>, or * for everybody';

/** Which role a principal is to have, and where. */
export class CreateRoleBindingRequest {
  @ApiProperty({ description: PRINCIPAL_RULE, example: 'bob@example.com', maxLength: 320 })
  @IsString({ message: PRINCIPAL_RULE })
  readonly principal!: string;

  @ApiPropertyOptional({ type: String, default: 'system', example: 'ml-team' })
  @IsOptional()
  @IsString({ message: 'workspace must be the name of a workspace' })
  readonly workspace?: string | null;

  @ApiProperty({ example: 'Editor' })
  @IsString({ message: 'role must be the name of a role' })
  readonly role!: string;
}
