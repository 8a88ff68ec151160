import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { confirmationProperty } from '../policy/decisions/propagation-wait.reader.js';
import type { Member } from './member.js';

/** A member as it is after the request. */
export class MemberResponse {
  @ApiProperty({ example: 'bob@example.com' })
  readonly principal!: string;

  @ApiProperty({ type: [String], description: 'Sorted', example: ['Editor', 'Viewer'] })
  readonly roles!: string[];

  @ApiProperty({ format: 'date-time', description: 'When the oldest of the roles was given' })
  readonly granted_at!: string;

  @ApiProperty({ description: 'Id of who gave it', example: '5f2f7a0c' })
  readonly granted_by!: string;

  @ApiPropertyOptional({ description: 'What may have been meant instead', type: String })
  readonly hint?: string;

  @ApiPropertyOptional(confirmationProperty)
  readonly role_propagation_confirmed?: boolean;
}

export class MemberListResponse {
  @ApiProperty({ type: [MemberResponse], description: 'Sorted by principal' })
  readonly data!: MemberResponse[];
}

/** The answer to a removal. */
export class MemberRemovedResponse {
  @ApiProperty({ description: 'The principal', example: 'bob@example.com' })
  readonly id!: string;

  @ApiProperty({ example: "Member removed from workspace 'ml-team'" })
  readonly message!: string;

  @ApiPropertyOptional(confirmationProperty)
  readonly role_propagation_confirmed?: boolean;
}

export function memberResponse({ principal, roles, grantedAt, grantedBy }: Member): MemberResponse {
  return { principal, roles: [...roles], granted_at: grantedAt.toISOString(), granted_by: grantedBy };
}
