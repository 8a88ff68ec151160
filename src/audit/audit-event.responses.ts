import { ApiProperty } from '@nestjs/swagger';
import { pageOf } from '../http/page.response.js';
import type { AuditEventRow } from '../storage/schema.js';
import { auditActions } from './audit-event.js';

const nullableText = { type: String, nullable: true } as const;

/** Something that happened to access, or a refusal. */
export class AuditEventResponse {
  @ApiProperty({ format: 'uuid', description: 'Orders events of the same moment' })
  readonly id!: string;

  @ApiProperty({ format: 'date-time' })
  readonly at!: string;

  @ApiProperty({ enum: auditActions, example: 'member.added' })
  readonly action!: string;

  @ApiProperty({ enum: ['allowed', 'refused'] })
  readonly decision!: string;

  @ApiProperty({ ...nullableText, description: 'Why it was refused: the code of the error', example: 'access_denied' })
  readonly reason!: string | null;

  @ApiProperty({ ...nullableText, description: 'Id of who did it; null when nobody knows', example: '5f2f7a0c' })
  readonly actor!: string | null;

  @ApiProperty({ ...nullableText, example: 'alice@example.com' })
  readonly actor_email!: string | null;

  @ApiProperty({ ...nullableText, description: 'user, client, service or anonymous', example: 'user' })
  readonly actor_kind!: string | null;

  @ApiProperty({ ...nullableText, description: 'Who issued the identity', example: 'https://idp.example.com' })
  readonly actor_issuer!: string | null;

  @ApiProperty({ ...nullableText, description: 'Who made the request for the actor, where that is somebody else' })
  readonly via!: string | null;

  @ApiProperty({ ...nullableText, example: 'ml-team' })
  readonly workspace!: string | null;

  @ApiProperty({
    ...nullableText,
    description: 'Whom or what it was about: a principal, a project, or the path of a request',
    example: 'bob@example.com',
  })
  readonly target!: string | null;

  @ApiProperty({ ...nullableText, description: 'The X-Request-Id of the answer' })
  readonly request_id!: string | null;

  @ApiProperty({ description: 'How often it happened, where that is counted', example: 1 })
  readonly count!: number;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    example: { roles_before: [], roles_after: ['Editor'] },
  })
  readonly details!: Readonly<Record<string, unknown>>;
}

/** A page of events. */
export class AuditEventPageResponse extends pageOf(AuditEventResponse, '-at') {}

export function auditEventResponse(row: AuditEventRow): AuditEventResponse {
  return {
    id: row.id,
    at: row.at.toISOString(),
    action: row.action,
    decision: row.decision,
    reason: row.reason,
    actor: row.actor,
    actor_email: row.actorEmail,
    actor_kind: row.actorKind,
    actor_issuer: row.actorIssuer,
    via: row.via,
    workspace: row.workspace,
    target: row.target,
    request_id: row.requestId,
    count: row.count,
    details: row.details,
  };
}
