import { ROLES, type Role } from './role-names.js';

/** What a role may allow on workspaces. */
export type Permission = 'workspaces.read' | 'workspaces.update' | 'workspaces.delete' | 'workspaces.create';

interface RoleDefinition {
  readonly includes: readonly Role[];
  readonly permissions: readonly Permission[];
}

/**
 * Who may do what. This table and {@link rolesAllow} are the whole policy of roles; identities and bindings are turned
 * into role names elsewhere.
 */
const roleDefinitions = {
  Viewer: { includes: [], permissions: ['workspaces.read'] },
  Editor: { includes: ['Viewer'], permissions: ['workspaces.update'] },
  Admin: { includes: ['Editor'], permissions: ['workspaces.delete'] },
  WorkspaceCreator: { includes: [], permissions: ['workspaces.create'] },
  PlatformAdmin: { includes: ['Admin', 'WorkspaceCreator'], permissions: [] },
  ServiceSystem: { includes: ['Admin', 'WorkspaceCreator'], permissions: [] },
} as const satisfies Record<Role, RoleDefinition>;

/** Whether one of the roles allows it, by itself or by a role it includes. A name that is no role allows nothing. */
export function rolesAllow(roles: readonly string[], permission: Permission): boolean {
  return roles.some((role) => {
    if (!isRole(role)) return false;
    const { includes, permissions }: RoleDefinition = roleDefinitions[role];
    return permissions.includes(permission) || rolesAllow(includes, permission);
  });
}

/** The roles that allow it. */
export function rolesThatAllow(permission: Permission): Role[] {
  return ROLES.filter((role) => rolesAllow([role], permission));
}

function isRole(name: string): name is Role {
  return Object.hasOwn(roleDefinitions, name);
}
