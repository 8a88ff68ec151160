import { Inject, Injectable } from '@nestjs/common';
import { RoleBindingsRepository } from '../role-bindings/role-bindings.repository.js';
import type { Connection } from '../storage/database.js';
import type { Caller } from './caller.js';
import { SYSTEM_WORKSPACE } from './role-names.js';
import { RolePermissions } from './role-permissions.js';

/** What the policy says about one action of one caller. */
export interface Decision {
  readonly isAllowed: boolean;
  /** Whether the caller may know that the workspace exists. */
  readonly isVisible: boolean;
  /** Whether the caller may know of every workspace, and so also that one does not exist. */
  readonly seesAll: boolean;
}

/** Decides by roles as they stand in the database, in the transaction of what is decided. */
@Injectable()
export class WorkspacePolicy {
  constructor(
    @Inject(RoleBindingsRepository) private readonly bindings: RoleBindingsRepository,
    @Inject(RolePermissions) private readonly permissions: RolePermissions,
  ) {}

  async decide(
    connection: Connection,
    caller: Caller,
    permission: string,
    workspace: string | undefined,
  ): Promise<Decision> {
    if (holdsEverything(caller)) return { isAllowed: true, isVisible: true, seesAll: true };
    const asked = [SYSTEM_WORKSPACE, ...(workspace === undefined ? [] : [workspace])];
    const found = await this.bindings.findRoles(connection, caller.bindingPrincipals, asked);
    const rolesIn = (name: string | undefined) => found.filter((row) => row.workspace === name).map(({ role }) => role);
    const isPlatformAdmin = rolesIn(SYSTEM_WORKSPACE).includes('PlatformAdmin');
    const roles = isPlatformAdmin ? ['PlatformAdmin'] : rolesIn(workspace).filter(isOrdinary);
    return {
      isAllowed: this.permissions.permit(roles, permission),
      isVisible: this.permissions.permit(roles, 'workspaces.read'),
      seesAll: isPlatformAdmin,
    };
  }
}

/** The platform's own services, and everybody while authentication is switched off. */
function holdsEverything({ kind }: Caller): boolean {
  return kind === 'service' || kind === 'anonymous';
}

/** The others hold for the platform as a whole, and for services alone. */
function isOrdinary(role: string): boolean {
  return role !== 'PlatformAdmin' && role !== 'ServiceSystem';
}
