import { Inject, Injectable } from '@nestjs/common';
import { DecisionMetrics } from '../metrics/decision-metrics.js';
import { type HeldRole, RoleBindingsRepository } from '../role-bindings/role-bindings.repository.js';
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
    @Inject(DecisionMetrics) private readonly metrics: DecisionMetrics,
  ) {}

  async decide(
    connection: Connection,
    caller: Caller,
    permission: string,
    workspace: string | undefined,
  ): Promise<Decision> {
    if (caller.kind === 'anonymous') return everything; // authentication is switched off
    return this.metrics.measureAnswer('database', () => this.ask(connection, caller, permission, workspace));
  }

  private async ask(
    connection: Connection,
    caller: Caller,
    permission: string,
    workspace: string | undefined,
  ): Promise<Decision> {
    const asked = [SYSTEM_WORKSPACE, ...(workspace === undefined ? [] : [workspace])];
    const found = await this.bindings.findRoles(connection, caller.bindingPrincipals, asked);
    if (caller.kind === 'service') return this.decideForService(found, permission, workspace);
    const rolesIn = (name: string | undefined) => found.filter((row) => row.workspace === name).map(({ role }) => role);
    const isPlatformAdmin = rolesIn(SYSTEM_WORKSPACE).includes('PlatformAdmin');
    const roles = isPlatformAdmin ? ['PlatformAdmin'] : rolesIn(workspace).filter(isOrdinary);
    return {
      isAllowed: this.permissions.permit(roles, permission),
      isVisible: this.permissions.permit(roles, 'workspaces.read'),
      seesAll: isPlatformAdmin,
    };
  }

  /** The platform's own services may do everything, but where somebody has given one a role of its own. */
  private decideForService(found: readonly HeldRole[], permission: string, workspace: string | undefined): Decision {
    const own = found.filter((row) => row.isOwn && row.workspace === workspace).map(({ role }) => role);
    return own.length === 0 ? everything : { ...everything, isAllowed: this.permissions.permit(own, permission) };
  }
}

const everything: Decision = Object.freeze({ isAllowed: true, isVisible: true, seesAll: true });

/** The others hold for the platform as a whole, and for services alone. */
function isOrdinary(role: string): boolean {
  return role !== 'PlatformAdmin' && role !== 'ServiceSystem';
}
