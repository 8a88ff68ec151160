import type { auditEvents } from '../storage/schema.js';

/** What changes access. */
const changes = [
  'workspace.created',
  'workspace.deleted',
  'member.added',
  'member.changed',
  'member.removed',
  'role_binding.created',
  'role_binding.revoked',
  'project.created',
  'project.deleted',
  'access_key.created',
  'access_key.rotated',
  'access_key.revoked',
  'log_level.changed',
] as const;

/** Everything that is written down; `refusals.lost` says how many refusals could not be. */
export const auditActions = [...changes, 'token.exchanged', 'request.refused', 'refusals.lost'] as const;

export type ChangeAction = (typeof changes)[number];
export type NewAuditEvent = typeof auditEvents.$inferInsert;
