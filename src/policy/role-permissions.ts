import { EVERY_PERMISSION } from './engine/permission-name.js';
import type { RoleCatalogue } from './engine/role-catalogue.js';
import { SYSTEM_WORKSPACE } from './role-names.js';

/** The roles that not every workspace gives its members. */
const platformRoles: Readonly<Record<string, 'in the workspace system' | 'never'>> = {
  WorkspaceCreator: 'in the workspace system',
  PlatformAdmin: 'in the workspace system',
  ServiceSystem: 'never',
};

/** Roles whose binding means nothing in an ordinary workspace, or for anybody but a service. */
const notOrdinary: ReadonlySet<string> = new Set(['PlatformAdmin', 'ServiceSystem']);

/** What roles permit. */
export class RolePermissions {
  private readonly grants: ReadonlyMap<string, ReadonlySet<string>>;

  constructor(private readonly catalogue: RoleCatalogue) {
    this.grants = new Map(catalogue.all().map(({ name, grants }) => [name, new Set(grants)]));
  }

  /** Whether one of the roles permits it. A name that is no role permits nothing. */
  permit(roles: readonly string[], permission: string): boolean {
    return roles.some((role) => {
      const grants = this.grants.get(role);
      return grants !== undefined && (grants.has(permission) || grants.has(EVERY_PERMISSION));
    });
  }

  /** The roles that permit it in the workspace they are bound in. */
  rolesThatPermit(permission: string): string[] {
    return [...this.grants.keys()].filter((role) => !notOrdinary.has(role) && this.permit([role], permission));
  }

  /** Every role, in the order of the catalogue. */
  get names(): readonly string[] {
    return [...this.grants.keys()];
  }

  /** The roles that the members of a workspace can be given. */
  rolesOfMembers(workspace: string): string[] {
    return this.catalogue
      .all()
      .map(({ name }) => name)
      .filter((name) => {
        const where = Object.hasOwn(platformRoles, name) ? platformRoles[name] : undefined;
        return where === undefined || (where !== 'never' && workspace === SYSTEM_WORKSPACE);
      });
  }
}
