import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { pageOf } from '../http/page.response.js';
import { confirmationProperty } from '../policy/decisions/propagation-wait.reader.js';
import type { RoleBindingRow } from '../storage/schema.js';

/** A binding, in force or not any more. */
export class RoleBindingResponse {
  @ApiProperty({ format: 'uuid' })
  readonly id!: string;

  @ApiProperty({ description: 'Follows from principal, workspace and role', example: 'rb-843eacaeb440c86f2085df98' })
  readonly name!: string;

  @ApiProperty({ example: 'bob@example.com' })
  readonly principal!: string;

  @ApiProperty({ example: 'ml-team' })
  readonly workspace!: string;

  @ApiProperty({ example: 'Editor' })
  readonly role!: string;

  @ApiProperty()
  readonly granted_by!: string;

  @ApiProperty({ format: 'date-time' })
  readonly granted_at!: string;

  @ApiProperty({ type: String, nullable: true })
  readonly revoked_by!: string | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  readonly revoked_at!: string | null;

  @ApiProperty()
  readonly is_active!: boolean;

  @ApiPropertyOptional({ description: 'What may have been meant instead', type: String })
  readonly hint?: string;

  @ApiPropertyOptional(confirmationProperty)
  readonly role_propagation_confirmed?: boolean;
}

/** A page of bindings. */
export class RoleBindingPageResponse extends pageOf(RoleBindingResponse, 'created_at') {}

/** The answer to a revocation. */
export class RoleBindingRevokedResponse {
  @ApiProperty({ format: 'uuid' })
  readonly id!: string;

  @ApiPropertyOptional(confirmationProperty)
  readonly role_propagation_confirmed?: boolean;
}

export function roleBindingResponse(row: RoleBindingRow, hint?: string): RoleBindingResponse {
  return {
    id: row.id,
    name: row.name,
    principal: row.principal,
    workspace: row.workspace,
    role: row.role,
    granted_by: row.grantedBy,
    granted_at: row.grantedAt.toISOString(),
    revoked_by: row.revokedBy,
    revoked_at: row.revokedAt?.toISOString() ?? null,
    is_active: row.revokedAt === null,
    ...(hint !== undefined && { hint }),
  };
}
