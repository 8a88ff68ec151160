import { normalizeEmail } from '../policy/principal-names.js';
import { DEFAULT_WORKSPACE, EVERYBODY, SYSTEM_WORKSPACE, type SeededRole } from '../policy/role-names.js';
import { roleBindingName } from '../role-bindings/role-binding-name.js';
import type { Database } from './database.js';
import { roleBindings, workspaces } from './schema.js';

const SEEDER = 'system';

/**
 * Creates the initial workspaces and bindings that do not exist yet. May run at every start and on several instances at
 * once. A binding that was revoked by somebody is not brought back, except the configured administrator's.
 */
export async function seed(database: Database, adminEmail?: string): Promise<void> {
  await database.transaction(async (transaction) => {
    const created = await transaction
      .insert(workspaces)
      .values([
        { name: DEFAULT_WORKSPACE, description: 'Workspace for everybody', createdBy: SEEDER, updatedBy: SEEDER },
        {
          name: SYSTEM_WORKSPACE,
          description: 'Roles for the platform as a whole',
          createdBy: SEEDER,
          updatedBy: SEEDER,
        },
      ])
      .onConflictDoNothing()
      .returning({ name: workspaces.name });
    const isNew = new Set(created.map(({ name }) => name));
    const bindings = [
      ...initialBindings.filter(({ workspace }) => isNew.has(workspace)),
      ...(adminEmail === undefined ? [] : [administrator(adminEmail)]),
    ];
    if (bindings.length === 0) return;
    await transaction
      .insert(roleBindings)
      .values(
        bindings.map(({ principal, workspace, role }) => ({
          name: roleBindingName(principal, workspace, role),
          principal,
          workspace,
          role,
          grantedBy: SEEDER,
        })),
      )
      .onConflictDoNothing();
  });
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
