import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { pageOf } from '../http/page.response.js';
import { confirmationProperty } from '../policy/decisions/propagation-wait.reader.js';
import type { WorkspaceRow } from '../storage/schema.js';

/** A workspace as it is answered. */
export class WorkspaceResponse {
  @ApiProperty({ format: 'uuid' })
  readonly id!: string;

  @ApiProperty({ example: 'ml-team' })
  readonly name!: string;

  @ApiProperty({ type: String, nullable: true, example: 'Models of the ML team' })
  readonly description!: string | null;

  @ApiProperty({ format: 'date-time' })
  readonly created_at!: string;

  @ApiProperty({ type: String, nullable: true, description: 'Id of who created it' })
  readonly created_by!: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'The e-mail address they had then, if it was known' })
  readonly created_by_email!: string | null;

  @ApiProperty({ format: 'date-time' })
  readonly updated_at!: string;

  @ApiProperty({ type: String, nullable: true, description: 'Id of who changed it last' })
  readonly updated_by!: string | null;
}

/** A workspace that was just created. */
export class WorkspaceCreatedResponse extends WorkspaceResponse {
  @ApiPropertyOptional(confirmationProperty)
  readonly role_propagation_confirmed?: boolean;
}

/** A page of workspaces. */
export class WorkspacePageResponse extends pageOf(WorkspaceResponse, '-created_at') {}

/** The answer to a deletion. */
export class WorkspaceDeletedResponse {
  @ApiProperty({ format: 'uuid' })
  readonly id!: string;

  @ApiProperty({ example: 'Workspace marked for deletion' })
  readonly message!: string;
}

export function workspaceResponse(row: WorkspaceRow): WorkspaceResponse {
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    created_at: row.createdAt.toISOString(),
    created_by: row.createdBy,
    created_by_email: row.createdByEmail,
    updated_at: row.updatedAt.toISOString(),
    updated_by: row.updatedBy,
  };
}
