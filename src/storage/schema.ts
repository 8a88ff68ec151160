import { sql } from 'drizzle-orm';
import { index, integer, jsonb, pgTable, text, timestamp, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import type { StoredKeyPair } from '../minted-tokens/keys/key-seal.js';

/** Workspaces: the boundary of access. The name is the key that people and role bindings use. */
export const workspaces = pgTable(
  'workspaces',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    name: text('name').notNull().unique('workspaces_name_unique'),
    description: text('description'),
    createdAt: moment('created_at').notNull().defaultNow(),
    createdBy: text('created_by'),
    createdByEmail: text('created_by_email'),
    updatedAt: moment('updated_at').notNull().defaultNow(),
    updatedBy: text('updated_by'),
  },
  (table) => [index('workspaces_created_at_index').on(table.createdAt, table.name)],
);

/**
 * Role bindings: principal × workspace × role. A binding is in force while `revoked_at` is null; at most one such row
 * exists for a triple. Removing a workspace removes its bindings, so that a later workspace of the same name starts
 * without members.
 */
export const roleBindings = pgTable(
  'role_bindings',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    name: text('name').notNull(),
    principal: text('principal').notNull(),
    workspace: text('workspace')
      .notNull()
      .references(() => workspaces.name, { onDelete: 'cascade' }),
    role: text('role').notNull(),
    grantedBy: text('granted_by').notNull(),
    grantedAt: moment('granted_at').notNull().defaultNow(),
    revokedBy: text('revoked_by'),
    revokedAt: moment('revoked_at'),
  },
  (table) => [
    uniqueIndex('role_bindings_active_unique')
      .on(table.principal, table.workspace, table.role)
      .where(sql`${table.revokedAt} is null`),
    index('role_bindings_workspace_index').on(table.workspace),
    index('role_bindings_name_index').on(table.name),
  ],
);

/** Projects: what a workspace holds. A workspace that holds one is not deleted. */
export const projects = pgTable(
  'projects',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    workspace: text('workspace')
      .notNull()
      .references(() => workspaces.name),
    name: text('name').notNull(),
    description: text('description'),
    createdAt: moment('created_at').notNull().defaultNow(),
    createdBy: text('created_by'),
  },
  (table) => [
    uniqueIndex('projects_name_unique').on(table.workspace, table.name),
    index('projects_created_at_index').on(table.workspace, table.createdAt),
  ],
);

/**
 * What happened to access: every change, and refusals. The id orders what happened at the same moment. Nothing refers to
 * other tables, for what happened stays so when they forget it.
 */
export const auditEvents = pgTable(
  'audit_events',
  {
    id: uuid('id').primaryKey(),
    at: moment('at').notNull(),
    action: text('action').notNull(),
    decision: text('decision', { enum: ['allowed', 'refused'] }).notNull(),
    reason: text('reason'),
    actor: text('actor'),
    actorEmail: text('actor_email'),
    actorKind: text('actor_kind'),
    actorIssuer: text('actor_issuer'),
    via: text('via'),
    workspace: text('workspace'),
    target: text('target'),
    requestId: text('request_id'),
    count: integer('count').notNull().default(1),
    details: jsonb('details').$type<Readonly<Record<string, unknown>>>().notNull().default({}),
  },
  (table) => [
    index('audit_events_at_index').on(table.at, table.id),
    index('audit_events_actor_index').on(table.actor, table.at),
    index('audit_events_actor_email_index').on(table.actorEmail, table.at),
    index('audit_events_action_index').on(table.action, table.at),
    index('audit_events_workspace_index').on(table.workspace, table.at),
    index('audit_events_target_index').on(table.target, table.at),
  ],
);

/**
 * The key pairs that sign the platform's own tokens. Of each generation there is one, so that instances which make one at
 * the same time agree. Unless they are encrypted, whoever can read the table can sign.
 */
export const signingKeys = pgTable('signing_keys', {
  generation: integer('generation').primaryKey(),
  kid: text('kid').notNull(),
  privateJwk: jsonb('private_jwk').$type<StoredKeyPair>().notNull(),
  signsFrom: moment('signs_from').notNull(),
  createdAt: moment('created_at').notNull(),
});

/**
 * Access keys: what is known of each, but not the key itself. One that has ended has `ends_at`, which may lie ahead where
 * another has taken its place; of the others, an owner has one of each name.
 */
export const accessKeys = pgTable(
  'access_keys',
  {
    jti: uuid('jti').primaryKey(),
    name: text('name').notNull(),
    ownerIssuer: text('owner_issuer').notNull(),
    ownerKind: text('owner_kind', { enum: ['user', 'client'] }).notNull(),
    ownerId: text('owner_id').notNull(),
    ownerEmail: text('owner_email'),
    scopes: text('scopes').array().notNull(),
    createdAt: moment('created_at').notNull(),
    expiresAt: moment('expires_at').notNull(),
    lastUsedAt: moment('last_used_at'),
    endsAt: moment('ends_at'),
    endedBy: text('ended_by'),
    replacedBy: uuid('replaced_by'),
  },
  (table) => [
    uniqueIndex('access_keys_name_unique')
      .on(table.ownerIssuer, table.ownerKind, table.ownerId, table.name)
      .where(sql`${table.endsAt} is null`),
    index('access_keys_owner_index').on(table.ownerIssuer, table.ownerKind, table.ownerId, table.createdAt),
    index('access_keys_created_at_index').on(table.createdAt),
    index('access_keys_expires_at_index').on(table.expiresAt),
  ],
);

export type WorkspaceRow = typeof workspaces.$inferSelect;
export type ProjectRow = typeof projects.$inferSelect;
export type RoleBindingRow = typeof roleBindings.$inferSelect;
export type AuditEventRow = typeof auditEvents.$inferSelect;
export type SigningKeyRow = typeof signingKeys.$inferSelect;
export type AccessKeyRow = typeof accessKeys.$inferSelect;

/** A point in time with milliseconds, as JavaScript has them: what is stored is exactly what is answered. */
function moment(column: string) {
  return timestamp(column, { withTimezone: true, precision: 3, mode: 'date' });
}
