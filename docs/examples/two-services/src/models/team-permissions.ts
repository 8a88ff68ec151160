import type { PermissionQuery, PolicyDecisionPoint } from '@nmp/auth';

const permissionsByTeam: Readonly<Record<string, readonly string[]>> = {
  'team-ml': ['models.read'],
  'platform-admins': ['models.read', 'models.delete'],
};

/** Who may do what here, by the groups of the original caller: they came with the hop token. */
export class TeamPermissions implements PolicyDecisionPoint {
  hasPermissions({ principal, permissions }: PermissionQuery): boolean {
    const held = new Set(principal.groups.flatMap((group) => permissionsByTeam[group] ?? []));
    return permissions.every((permission) => held.has(permission));
  }
}
