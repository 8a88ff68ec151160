import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import { WORKSPACE_NAME, WORKSPACE_NAME_RULE } from './workspace-name.js';

const DESCRIPTION_RULE = 'description must be a text of at most 1000 characters without control characters';
// Tabs and line breaks are part of a text; other control characters are not, and PostgreSQL cannot store NUL.
// oxlint-disable-next-line no-control-regex
const PLAIN_TEXT = /^[^\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F]*$/;

/** What a new workspace is. */
export class CreateWorkspaceRequest {
  @ApiProperty({ description: WORKSPACE_NAME_RULE, pattern: WORKSPACE_NAME.source, maxLength: 63, example: 'ml-team' })
  @Matches(WORKSPACE_NAME, { message: WORKSPACE_NAME_RULE })
  readonly name!: string;

  @ApiPropertyOptional({ type: String, nullable: true, maxLength: 1000, example: 'Models of the ML team' })
  @IsOptional()
  @IsString({ message: DESCRIPTION_RULE })
  @MaxLength(1000, { message: DESCRIPTION_RULE })
  @Matches(PLAIN_TEXT, { message: DESCRIPTION_RULE })
  readonly description?: string | null;
}

/** What can be changed of a workspace. What is left out stays as it is. */
export class UpdateWorkspaceRequest {
  @ApiPropertyOptional({
    type: String,
    nullable: true,
    maxLength: 1000,
    description: 'null: none from now on',
    example: 'Models of the ML team',
  })
  @IsOptional()
  @IsString({ message: DESCRIPTION_RULE })
  @MaxLength(1000, { message: DESCRIPTION_RULE })
  @Matches(PLAIN_TEXT, { message: DESCRIPTION_RULE })
  readonly description?: string | null;
}
