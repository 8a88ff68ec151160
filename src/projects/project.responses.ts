import { ApiProperty } from '@nestjs/swagger';
import { pageOf } from '../http/page.response.js';
import type { ProjectRow } from '../storage/schema.js';

/** A project as it is answered. */
export class ProjectResponse {
  @ApiProperty({ format: 'uuid' })
  readonly id!: string;

  @ApiProperty({ example: 'ml-team' })
  readonly workspace!: string;

  @ApiProperty({ example: 'translation' })
  readonly name!: string;

  @ApiProperty({ type: String, nullable: true, example: 'Models that translate' })
  readonly description!: string | null;

  @ApiProperty({ format: 'date-time' })
  readonly created_at!: string;

  @ApiProperty({ type: String, nullable: true, description: 'Id of who created it' })
  readonly created_by!: string | null;
}

/** A page of projects. */
export class ProjectPageResponse extends pageOf(ProjectResponse, '-created_at') {}

/** The answer to a deletion. */
export class ProjectDeletedResponse {
  @ApiProperty({ format: 'uuid' })
  readonly id!: string;

  @ApiProperty({ example: "Project 'translation' deleted" })
  readonly message!: string;
}

export function projectResponse({ id, workspace, name, description, ...row }: ProjectRow): ProjectResponse {
  return { id, workspace, name, description, created_at: row.createdAt.toISOString(), created_by: row.createdBy };
}
