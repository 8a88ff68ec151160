import { systemClock } from '@nmp/auth';
import type { NewAuditEvent } from '../audit/audit-event.js';
import { EventStamps } from '../audit/event-stamps.js';
import { normalizeEmail } from '../policy/principal-names.js';
import {
  DEFAULT_WORKSPACE,
  EVERYBODY,
  PLATFORM_ITSELF,
  SYSTEM_WORKSPACE,
  type SeededRole,
} from '../policy/role-names.js';
import { roleBindingName } from '../role-bindings/role-binding-name.js';
import type { Connection, Database } from './database.js';
import { auditEvents, type RoleBindingRow, roleBindings, workspaces } from './schema.js';

/**
 * Creates the initial workspaces and bindings that do not exist yet. May run at every start and on several instances at
 * once. A binding that was revoked by somebody is not brought back, except the configured administrator's.
 */
export async function seed(database: Database, adminEmail?: string): Promise<void> {
  await database.transaction(async (transaction) => {
    const created = await transaction
      .insert(workspaces)
      .values([
        {
          name: DEFAULT_WORKSPACE,
          description: 'Workspace for everybody',
          createdBy: PLATFORM_ITSELF,
          updatedBy: PLATFORM_ITSELF,
        },
        {
          name: SYSTEM_WORKSPACE,
          description: 'Roles for the platform as a whole',
          createdBy: PLATFORM_ITSELF,
          updatedBy: PLATFORM_ITSELF,
        },
      ])
      .onConflictDoNothing()
      .returning({ name: workspaces.name });
    const isNew = new Set(created.map(({ name }) => name));
    const given = await give(transaction, [
      ...initialBindings.filter(({ workspace }) => isNew.has(workspace)),
      ...(adminEmail === undefined ? [] : [administrator(adminEmail)]),
    ]);
    await record(transaction, [...created.map(workspaceCreated), ...given.map(roleBindingCreated)]);
  });
}

/** @returns the bindings that were not in force already */
async function give(transaction: Connection, bindings: readonly SeededBinding[]): Promise<RoleBindingRow[]> {
  if (bindings.length === 0) return [];
  const rows = bindings.map(({ principal, workspace, role }) => ({
    name: roleBindingName(principal, workspace, role),
    principal,
    workspace,
    role,
    grantedBy: PLATFORM_ITSELF,
  }));
  return transaction.insert(roleBindings).values(rows).onConflictDoNothing().returning();
}

/** What the platform itself gives is as much a change of access as what anybody else does. */
async function record(transaction: Connection, events: readonly SeedEvent[]): Promise<void> {
  if (events.length === 0) return;
  const stamps = new EventStamps(systemClock);
  const rows = events.map((event) => ({
    ...event,
    ...stamps.next(),
    actor: PLATFORM_ITSELF,
    decision: 'allowed' as const,
  }));
  await transaction.insert(auditEvents).values(rows);
}

type SeedEvent = Omit<NewAuditEvent, 'id' | 'at' | 'decision'>;

function workspaceCreated({ name }: { name: string }): SeedEvent {
  return { action: 'workspace.created', workspace: name };
}

function roleBindingCreated({ name, principal, workspace, role }: RoleBindingRow): SeedEvent {
  return { action: 'role_binding.created', workspace, target: principal, details: { role, role_binding: name } };
}

interface SeededBinding {
  readonly principal: string;
  readonly workspace: string;
  readonly role: SeededRole;
}

const initialBindings: readonly SeededBinding[] = [
  { principal: EVERYBODY, workspace: DEFAULT_WORKSPACE, role: 'Editor' },
  { principal: EVERYBODY, workspace: SYSTEM_WORKSPACE, role: 'Viewer' },
  { principal: EVERYBODY, workspace: SYSTEM_WORKSPACE, role: 'WorkspaceCreator' },
];

function administrator(email: string): SeededBinding {
  return { principal: normalizeEmail(email), workspace: SYSTEM_WORKSPACE, role: 'PlatformAdmin' };
}
