import { ApiProperty } from '@nestjs/swagger';
import { pageOf } from '../http/page.response.js';
import type { AccessKeyRow } from '../storage/schema.js';

/** What has become of a key. */
export const accessKeyStates = ['active', 'rotated', 'revoked', 'expired'] as const;
export type AccessKeyState = (typeof accessKeyStates)[number];

const nullableText = { type: String, nullable: true } as const;
const nullableTime = { ...nullableText, format: 'date-time' } as const;

/** What is known of an access key; the key itself is not. */
export class AccessKeyResponse {
  @ApiProperty({ format: 'uuid', description: 'Id of the key: the `jti` of its claims' })
  readonly jti!: string;

  @ApiProperty({ example: 'ci' })
  readonly name!: string;

  @ApiProperty({ type: [String], example: ['platform:read'] })
  readonly scopes!: string[];

  @ApiProperty({ enum: accessKeyStates, description: 'Only an active key is accepted' })
  readonly state!: AccessKeyState;

  @ApiProperty({ description: 'Id of the owner', example: '5f2f7a0c' })
  readonly owner!: string;

  @ApiProperty({ ...nullableText, example: 'alice@example.com' })
  readonly owner_email!: string | null;

  @ApiProperty({ format: 'date-time' })
  readonly created_at!: string;

  @ApiProperty({ format: 'date-time', description: 'When it ends, or has ended' })
  readonly expires_at!: string;

  @ApiProperty({ ...nullableTime, description: 'To the hour; null: never' })
  readonly last_used_at!: string | null;

  @ApiProperty({ ...nullableText, format: 'uuid', description: 'The key that took its place' })
  readonly replaced_by!: string | null;
}

/** A new access key. */
export class NewAccessKeyResponse extends AccessKeyResponse {
  @ApiProperty({ description: 'The key: it is told this once, and kept nowhere' })
  readonly access_key!: string;
}

/** A page of access keys. */
export class AccessKeyPageResponse extends pageOf(AccessKeyResponse, '-created_at') {}

export function accessKeyResponse(row: AccessKeyRow, now: Date): AccessKeyResponse {
  return {
    jti: row.jti,
    name: row.name,
    scopes: row.scopes,
    state: stateOf(row, now),
    owner: row.ownerId,
    owner_email: row.ownerEmail,
    created_at: row.createdAt.toISOString(),
    expires_at: endOf(row).toISOString(),
    last_used_at: row.lastUsedAt?.toISOString() ?? null,
    replaced_by: row.replacedBy,
  };
}

function endOf({ endsAt, expiresAt }: AccessKeyRow): Date {
  return endsAt !== null && endsAt < expiresAt ? endsAt : expiresAt;
}

function stateOf(row: AccessKeyRow, now: Date): AccessKeyState {
  const end = endOf(row);
  if (now < end) return 'active';
  if (end >= row.expiresAt) return 'expired';
  return row.replacedBy === null ? 'revoked' : 'rotated';
}
